import { isRecord } from '../../job-template/placeholders.ts';
import type { Step } from '../run-steps.ts';
import { imageName, tagsOf } from './build-docker-image.ts';
import { followEngine, openEngine } from './docker-engine.ts';

/**
 * Pushes an image to its registry. Inputs: `image_name`, `tag`, `additional_tags`, `credentials` (`username`, `password`,
 * `registry_url`). Outputs: `image_name`, `tag`, `image`, `additional_tags`.
 */
export const pushDockerImage: Step = async (inputs, context) => {
  const name = imageName(inputs);
  const tag = typeof inputs.tag === 'string' && inputs.tag !== '' ? inputs.tag : undefined;
  const additional = tagsOf(inputs.additional_tags);
  const docker = await openEngine();
  const credentials = isRecord(inputs.credentials) ? inputs.credentials : {};
  // An engine wants to be told of credentials even where there are none.
  const authconfig = {
    username: String(credentials.username ?? ''),
    password: String(credentials.password ?? ''),
    serveraddress: String(credentials.registry_url ?? ''),
  };
  for (const each of [tag ?? 'latest', ...additional]) {
    const progress = await docker.getImage(`${name}:${each}`).push({ tag: each, authconfig });
    await followEngine(docker, progress, () => undefined);
    context.print(`Pushed ${name}:${each}\n`);
  }
  return {
    image_name: name,
    tag: tag ?? null,
    image: tag === undefined ? name : `${name}:${tag}`,
    ...(additional.length > 0 ? { additional_tags: additional } : {}),
  };
};
