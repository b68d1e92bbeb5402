/** Tags in a row; those past `limit` are told as a number. */
export function TagList({ tags, limit = 3 }: { tags: readonly string[]; limit?: number }) {
  if (tags.length === 0) return null;
  const hidden = tags.slice(limit);
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-1">
      {tags.slice(0, limit).map((tag) => (
        <span key={tag} className="max-w-40 truncate rounded-sm bg-surface-2 px-1.5 text-xs leading-5 text-text-2">
          {tag}
        </span>
      ))}
      {hidden.length > 0 && (
        <span title={hidden.join(', ')} className="text-xs text-text-2">
          +{hidden.length}
        </span>
      )}
    </span>
  );
}
