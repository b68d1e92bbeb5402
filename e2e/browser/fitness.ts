import { expect } from 'vitest';
import type { Visit } from './browser.ts';

/** A text that would act if a page took it for anything but text. */
export const HOSTILE = '<img src=x onerror="window.hacked=1">"\'{{7*7}}<script>window.hacked=1</script>\u202e';

/** Expects a page that is accessible in both themes, at three widths scrolls in one direction only, and told of no trouble. */
export async function pageIsFit(visit: Visit): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await visit.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await visit.accessibilityViolations(), colorScheme).toEqual([]);
  }
  for (const width of [2560, 768, 375]) {
    await visit.page.setViewportSize({ width, height: 800 });
    expect(await visit.sidewaysScroll(), `${width} px`).toBe(0);
  }
  expect(await visit.accessibilityViolations(), '375 px').toEqual([]);
  await visit.page.setViewportSize({ width: 1280, height: 800 });
  expect(visit.problems).toEqual([]);
}
