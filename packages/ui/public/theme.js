// Runs before the first paint, so that a chosen theme never flashes.
try {
  const { theme } = JSON.parse(localStorage.getItem('prefect-ts:v1') ?? '{}');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // A preference that cannot be read is no preference.
}
