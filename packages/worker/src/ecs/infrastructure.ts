import type { WorkerContext } from '../base-worker.ts';
import { type Infrastructure, InfrastructureNotAvailableError, InfrastructureNotFoundError } from '../infrastructure.ts';
import { type AwsAccount, AwsAccounts } from './clients.ts';
import {
  checkConfiguration,
  containerNameOf,
  type EcsConfiguration,
  givenDefinition,
  ownerOf,
  recordOf,
  recordsOf,
} from './configuration.ts';
import { findNetwork } from './network.ts';
import {
  deregisterDefinition,
  describeDefinition,
  type RegisteredDefinition,
  RegisteredDefinitions,
} from './registered-definitions.ts';
import { runTask } from './run-task.ts';
import { buildTaskDefinition } from './task-definition.ts';
import { clusterName, consoleLink, readIdentifier, writeIdentifier } from './task-identifier.ts';
import { TaskPoll } from './task-poll.ts';
import { taskReports } from './task-reports.ts';
import { buildTaskRequest } from './task-request.ts';
import { ECS_TIMES, type EcsTimes } from './times.ts';
import { watchTask } from './watch-task.ts';

/**
 * Runs as tasks of AWS ECS, on Fargate or on machines of one's own (contract 11.4).
 *
 * @throws {MissingPlatformClientError} when the library that speaks with ECS is not installed
 */
export async function openEcs(
  context: Pick<WorkerContext, 'client' | 'log'>,
  times: EcsTimes = ECS_TIMES,
): Promise<Infrastructure<EcsConfiguration>> {
  const { client, log } = context;
  const accounts = await AwsAccounts.open();
  const definitions = new RegisteredDefinitions();
  const polls = new Map<string, TaskPoll>();

  const pollOf = (account: AwsAccount, cluster: string, config: EcsConfiguration): TaskPoll => {
    const seconds = config.task_watch_poll_interval || times.poll;
    const key = JSON.stringify([config.aws_credentials ?? null, cluster, seconds]);
    const poll = polls.get(key) ?? new TaskPoll(account, cluster, seconds, times, log);
    polls.set(key, poll);
    return poll;
  };

  return {
    async start(flowRun, config, signal) {
      checkConfiguration(config, flowRun.deployment?.entrypoint ?? '');
      const account = await accounts.for(config);
      const definition = await chooseDefinition(account, definitions, config, ownerOf(flowRun, config));
      const containers = definition.definition.containerDefinitions ?? [];
      const ownNetwork = definition.definition.networkMode === 'awsvpc' && !config.task_run_request?.networkConfiguration;
      const deregister = config.auto_deregister_task_definition === true && definition.isNew;
      try {
        const network = ownNetwork ? await findNetwork(account, config) : undefined;
        const request = buildTaskRequest(config, { taskDefinitionArn: definition.arn, containers, network, deregister });
        const task = await runTask(account, request, times, signal);
        const id = writeIdentifier(task, config.cluster ?? undefined);
        log.info(`The task of flow run '${flowRun.name}': ${consoleLink(readIdentifier(id), account.region)}`);
        return id;
      } catch (error) {
        // Nobody else will: there is no task whose end could.
        if (deregister) await deregisterDefinition(account, definition.arn).catch(() => undefined);
        throw error;
      }
    },

    async watch(id, config, { log: runLog, signal }) {
      const identifier = readIdentifier(id);
      const account = await accounts.for(config);
      const poll = pollOf(account, identifier.cluster, config);
      const container = containerOfRun(config);
      const onTask = taskReports(client, log);
      return watchTask({ account, poll, identifier, config, times, log: runLog, signal, container, onTask });
    },

    async kill(id, _graceSeconds, config) {
      const { cluster, taskArn } = readIdentifier(id);
      if (config.cluster && clusterName(config.cluster) !== clusterName(cluster)) {
        throw new InfrastructureNotAvailableError(
          `The task ${taskArn} is in the cluster '${clusterName(cluster)}', this pool works in '${clusterName(config.cluster)}'.`,
        );
      }
      const { ecs, sdk } = await accounts.for(config);
      try {
        await ecs.send(new sdk.StopTaskCommand({ cluster, task: taskArn, reason: 'Stopped by Prefect worker' }));
      } catch (error) {
        const isGone =
          error instanceof sdk.ClusterNotFoundException ||
          (error instanceof sdk.InvalidParameterException && /not found/i.test(error.message));
        if (isGone) throw new InfrastructureNotFoundError(`The task ${taskArn} is not there any more: ${error.message}`);
        throw error;
      }
    },

    async close() {
      accounts.close();
    },
  };
}

/** The task definition of a run: the given one as it is, or a registered one that says what the configuration does. */
async function chooseDefinition(
  account: AwsAccount,
  definitions: RegisteredDefinitions,
  config: EcsConfiguration,
  owner: ReturnType<typeof ownerOf>,
): Promise<RegisteredDefinition> {
  const given = givenDefinition(config);
  if (given !== undefined) {
    const definition = await describeDefinition(account, given);
    return { arn: definition.taskDefinitionArn ?? given, definition, isNew: false };
  }
  const wanted = buildTaskDefinition(config, owner, account.region);
  return definitions.get(account, wanted, {
    key: JSON.stringify([config.aws_credentials ?? null, owner.subject]),
    matchLatest: config.match_latest_revision_in_family === true,
    share: config.auto_deregister_task_definition !== true,
  });
}

/** The container of a run, by its configuration alone. */
function containerOfRun(config: EcsConfiguration): string {
  const overrides = recordsOf(recordOf(config.task_run_request?.overrides).containerOverrides);
  const definitions = recordsOf(recordOf(config.task_definition).containerDefinitions);
  return containerNameOf(config, [...definitions, ...overrides]);
}
