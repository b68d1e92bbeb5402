/** How the version of a server relates to one's own. */
export function compareVersions(server: string, own: string): { majorDiffers: boolean; older: boolean } {
  const numbers = (version: string) => version.split(/[.+-]/, 3).map((part) => Number.parseInt(part, 10) || 0);
  const [left, right] = [numbers(server), numbers(own)];
  const first = left.findIndex((part, index) => part !== right[index]);
  return { majorDiffers: left[0] !== right[0], older: first >= 0 && (left[first] ?? 0) < (right[first] ?? 0) };
}
