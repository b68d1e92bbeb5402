import { Link } from '@tanstack/react-router';
import {
  Activity,
  Box,
  Gauge,
  Layers,
  ListTree,
  type LucideIcon,
  Rocket,
  Server,
  SquareCheck,
  Tag,
  Workflow,
  Wrench,
  Zap,
} from 'lucide-react';
import { describeResource, type Labels } from './resources.ts';

const ICONS: Readonly<Record<string, LucideIcon>> = {
  'flow-run': ListTree,
  'task-run': SquareCheck,
  flow: Workflow,
  deployment: Rocket,
  'work-pool': Server,
  'work-queue': Layers,
  worker: Wrench,
  automation: Zap,
  'concurrency-limit': Gauge,
  tag: Tag,
  event: Activity,
};

/** The picture of a kind of object. */
export function ResourceIcon({ kind, size = 14 }: { kind: string; size?: number }) {
  const Icon = ICONS[kind] ?? Box;
  return <Icon size={size} aria-hidden className="shrink-0 text-text-2" />;
}

/** A resource by its kind and name, leading to its page if it has one. */
export function ResourceLink({ labels, near, quiet }: { labels: Labels; near?: string; quiet?: boolean }) {
  const { kind, words, name, id, link } = describeResource(labels, near);
  const look = quiet ? 'text-text-2' : '';
  return (
    <span className={`inline-flex max-w-full min-w-0 items-center gap-1.5 ${look}`} title={`${words} ${id}`}>
      <ResourceIcon kind={kind} />
      {link ? (
        <Link {...link} className="relative z-10 truncate rounded-sm hover:text-text hover:underline">
          {name}
        </Link>
      ) : (
        <span className="truncate">{name}</span>
      )}
    </span>
  );
}
