import { Pulse } from '../../src/pulse/pulse.ts';
import { loadSettings } from '../../src/settings/load.ts';

// Keeps the event loop busy until it is killed; only another thread can say that it is alive.
const pulse = new Pulse(loadSettings());
const resource = { 'prefect.resource.id': 'prefect.flow-run.blocked' };
pulse.keep({ kind: 'heartbeat', event: { event: 'prefect.flow-run.heartbeat', resource, related: [], payload: {} } }, 0.05);
pulse.keep({ kind: 'lease', leaseId: process.argv[2] ?? '', seconds: 60 }, 0.05);
process.stdout.write('blocking');
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
