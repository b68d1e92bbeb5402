export { type CancellationWatch, watchCancellations } from './cancellation-watch.ts';
export { ControlChannel, type ControlIntent, type ControlLink, type OutcomeReceipt } from './control-channel.ts';
export {
  type EngineLanguage,
  engineCommand,
  entrypointLanguage,
  findPython,
  PythonNotFoundError,
  splitEntrypoint,
} from './engine-command.ts';
export { exitStatus, explainExitStatus, processCrashMessage } from './exit-status.ts';
export { type LastingSocket, openLastingSocket, retryPatiently, type SocketTrouble } from './lasting-socket.ts';
export { type LateHook, runLateHooks } from './late-hooks.ts';
export { type ConsoleLoggerOptions, consoleLogger, type Logger } from './logger.ts';
export { isPassing, outlastDowntime } from './outlast-downtime.ts';
export { type PollLoop, type PollLoopOptions, startPollLoop } from './poll-loop.ts';
export { type ProposalAnswer, proposeState } from './propose-state.ts';
export { type RunEvents, type RunEventsOptions, subscribeToRunEvents } from './run-events.ts';
export { type SupervisedRun, slug } from './run-resources.ts';
export { type ProcessSpec, type RunningProcess, type StartProcess, startProcess } from './start-process.ts';
export { type RunnerOptions, type RunningRunner, type ServedDeployment, startRunner } from './start-runner.ts';
export { type OnShutdown, type SupervisedEnd, type SuperviseOptions, superviseFlowRun } from './supervise-flow-run.ts';
export { supervisorClient } from './supervisor-client.ts';
export { COMPILE_CACHE, type WarmStart, type WarmStartOptions, warmStart } from './warm/warm-start.ts';
