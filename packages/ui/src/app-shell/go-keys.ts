/** The pages that `g` and a letter lead to. */
export const GO_KEYS = [
  { key: 'd', to: '/dashboard', title: 'Dashboard' },
  { key: 'r', to: '/runs', title: 'Runs' },
  { key: 'f', to: '/flows', title: 'Flows' },
  { key: 'p', to: '/deployments', title: 'Deployments' },
  { key: 'w', to: '/work-pools', title: 'Work pools' },
  { key: 'a', to: '/automations', title: 'Automations' },
  { key: 'e', to: '/events', title: 'Events' },
  { key: 's', to: '/settings', title: 'Settings' },
] as const;

/** What the key is called that goes with others. */
export const COMMAND_KEY = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl';
