import { Pulse } from '../../src/pulse/pulse.ts';
import { loadSettings } from '../../src/settings/load.ts';

// Ends by itself, though something is said again and again.
new Pulse(loadSettings()).keep({ kind: 'lease', leaseId: 'lease', seconds: 60 }, 45);
