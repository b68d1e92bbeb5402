import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import {
  Activity,
  Blocks,
  Braces,
  ChevronsLeft,
  ChevronsRight,
  Gauge,
  LayoutDashboard,
  ListTree,
  type LucideIcon,
  Package,
  Rocket,
  Server,
  Settings,
  Workflow,
  Zap,
} from 'lucide-react';
import { useEffect } from 'react';
import { RouterProvider as AriaRouterProvider } from 'react-aria-components';
import { IconButton } from '../widgets/button.tsx';
import { classNames } from '../widgets/class-names.ts';
import { setPreferences, usePreferences } from '../widgets/preferences.ts';
import { Toasts } from '../widgets/toasts.tsx';
import { BottomBar } from './bottom-bar.tsx';
import { Layers, PaletteButton, PaletteIcon } from './layers.tsx';
import { ConnectionBar, LiveDot } from './live-indicator.tsx';
import { SignIn } from './sign-in.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

const PLACES = [
  { to: '/dashboard', title: 'Dashboard', Icon: LayoutDashboard },
  { to: '/runs', title: 'Runs', Icon: ListTree },
  { to: '/flows', title: 'Flows', Icon: Workflow },
  { to: '/deployments', title: 'Deployments', Icon: Rocket },
  { to: '/work-pools', title: 'Work pools', Icon: Server },
  { to: '/automations', title: 'Automations', Icon: Zap },
  { to: '/events', title: 'Events', Icon: Activity },
  { to: '/concurrency-limits', title: 'Concurrency', Icon: Gauge },
  { to: '/variables', title: 'Variables', Icon: Braces },
  { to: '/blocks', title: 'Blocks', Icon: Blocks },
  { to: '/artifacts', title: 'Artifacts', Icon: Package },
] as const;

/** What stands around every page: the rail (a bar at the bottom on small screens), messages, the state of the connection. */
export function Shell() {
  const { railCollapsed } = usePreferences();
  const navigate = useNavigate();
  useFocusOnNavigation();
  return (
    <AriaRouterProvider navigate={(to) => void navigate({ to })}>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:start-2 focus:top-2 focus:z-50 focus:rounded-md focus:bg-surface focus:px-3 focus:py-2"
      >
        Skip to content
      </a>
      <div className="min-h-screen sm:flex">
        <aside
          className={classNames(
            'sticky top-0 hidden h-screen shrink-0 flex-col border-e bg-surface px-2 py-3 sm:flex',
            railCollapsed ? 'w-14' : 'w-14 lg:w-52',
          )}
        >
          <Link
            to="/dashboard"
            className="mb-4 flex h-9 items-center gap-2.5 rounded-md px-1.5"
            aria-label="Prefect-TS, to the dashboard"
          >
            <Mark />
            <span className={classNames('text-lg font-semibold tracking-tight', railCollapsed ? 'hidden' : 'hidden lg:inline')}>
              Prefect-TS
            </span>
          </Link>
          <PaletteButton narrow={railCollapsed} />
          <nav aria-label="Main" className="flex flex-1 flex-col gap-0.5">
            {PLACES.map((place) => (
              <RailLink key={place.to} {...place} collapsed={railCollapsed} />
            ))}
            <div className="flex-1" />
            <RailLink to="/settings" title="Settings" Icon={Settings} collapsed={railCollapsed} />
          </nav>
          <div
            className={classNames(
              'mt-2 flex items-center gap-1 border-t pt-2',
              railCollapsed ? 'flex-col' : 'flex-col lg:flex-row',
            )}
          >
            <ThemeSwitch />
            <span className="hidden lg:inline">
              <IconButton
                label={railCollapsed ? 'Widen the rail' : 'Narrow the rail'}
                onPress={() => setPreferences({ railCollapsed: !railCollapsed })}
                icon={railCollapsed ? <ChevronsRight size={16} aria-hidden /> : <ChevronsLeft size={16} aria-hidden />}
              />
            </span>
            <span className="flex-1" />
            <LiveDot />
          </div>
        </aside>
        <div className="flex min-w-0 flex-1 flex-col">
          <header className="flex h-12 items-center gap-2 border-b bg-surface px-4 sm:hidden">
            <Mark />
            <span className="flex-1 text-lg font-semibold tracking-tight">Prefect-TS</span>
            <LiveDot />
            <PaletteIcon />
            <ThemeSwitch />
            <Link to="/settings" aria-label="Settings" className="flex size-11 items-center justify-center text-text-2">
              <Settings size={17} aria-hidden />
            </Link>
          </header>
          <ConnectionBar />
          <main id="main" tabIndex={-1} className="min-w-0 flex-1 px-4 pt-4 pb-24 outline-none sm:px-6 sm:pt-6 sm:pb-10 xl:px-8">
            <Outlet />
          </main>
        </div>
        <BottomBar places={PLACES} />
      </div>
      <Layers />
      <Toasts />
      <SignIn />
    </AriaRouterProvider>
  );
}

function RailLink({ to, title, Icon, collapsed }: { to: string; title: string; Icon: LucideIcon; collapsed: boolean }) {
  return (
    <Link
      to={to}
      title={title}
      className="flex h-9 items-center gap-2.5 rounded-md px-2.5 text-text-2 transition-colors duration-100 hover:bg-surface-2 hover:text-text data-[status=active]:bg-accent-soft data-[status=active]:font-medium data-[status=active]:text-accent-fg"
    >
      <Icon size={17} aria-hidden className="shrink-0" />
      <span className={collapsed ? 'sr-only' : 'sr-only lg:not-sr-only'}>{title}</span>
    </Link>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className="size-7 shrink-0">
      <rect width="32" height="32" rx="8" className="fill-accent" />
      <path d="M7 10h9M11 16h10M16 22h9" strokeWidth="4" strokeLinecap="round" className="stroke-accent-text" />
    </svg>
  );
}

/** After a navigation to another page the focus goes to its heading, so that screen readers begin there. */
function useFocusOnNavigation(): void {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  useEffect(() => {
    if (path === undefined) return;
    const active = document.activeElement;
    if (active === document.body || active?.closest('nav')) document.getElementById('main')?.focus({ preventScroll: true });
  }, [path]);
}
