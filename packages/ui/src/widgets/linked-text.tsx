import { splitLinks } from './links.ts';

/** Text whose addresses can be followed. */
export function LinkedText({ text }: { text: string }) {
  return splitLinks(text).map((piece, index) =>
    piece.href ? (
      <a
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never change places
        key={index}
        href={piece.href}
        target="_blank"
        rel="noopener noreferrer"
        className="underline decoration-current/40 hover:decoration-current"
      >
        {piece.text}
      </a>
    ) : (
      piece.text
    ),
  );
}
