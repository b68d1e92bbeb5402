import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { IMAGE } from './image.ts';
import { NODE_ADDRESS, POD_SUBNET } from './node-network.ts';

const run = promisify(execFile);

export const TOKEN = 'token-of-the-administrator';
export const API_SERVER = `https://${NODE_ADDRESS}:6443`;
export const NODE_NAME = 'node1';

/** How each program of the cluster is told to work on a machine without systemd, modules and the right to raise limits. */
export interface NodeConfig {
  readonly etcd: readonly string[];
  readonly apiServer: readonly string[];
  readonly controllers: readonly string[];
  readonly scheduler: readonly string[];
  readonly containerd: readonly string[];
  readonly kubelet: readonly string[];
  readonly kubeconfig: string;
  readonly containerdSocket: string;
}

/** Writes the files that the programs read into a folder; gives their command lines. */
export async function writeNodeConfig(folder: string, programs: string): Promise<NodeConfig> {
  const at = (...names: string[]) => join(folder, ...names);
  const write = async (name: string, content: object | string) => {
    // JSON is YAML, and nearly TOML's opposite.
    await writeFile(at(name), typeof content === 'string' ? content : JSON.stringify(content));
    return at(name);
  };
  for (const name of ['cni', 'volume-plugins']) await mkdir(at(name), { recursive: true });
  await run('openssl', ['genrsa', '-out', at('accounts.key'), '2048']);
  await run('openssl', ['rsa', '-in', at('accounts.key'), '-pubout', '-out', at('accounts.pub')]);
  const tokens = await write('tokens.csv', `${TOKEN},admin,admin,system:masters\n`);
  const kubeconfig = await write('kubeconfig', kubeconfigOf(API_SERVER, TOKEN));
  const containerdConfig = await write('containerd.toml', containerdToml(folder));
  await write('cni/10-pods.conflist', podNetwork(at('cni-data')));
  const kubeletConfig = await write('kubelet.json', kubeletConfiguration(folder));
  return {
    kubeconfig,
    containerdSocket: at('containerd.sock'),
    etcd: ['etcd', '--data-dir', at('etcd'), '--unsafe-no-fsync', '--log-level', 'warn'],
    apiServer: [
      join(programs, 'kube-apiserver'),
      '--etcd-servers=http://127.0.0.1:2379',
      `--bind-address=${NODE_ADDRESS}`,
      `--advertise-address=${NODE_ADDRESS}`,
      '--secure-port=6443',
      `--cert-dir=${at('certificates')}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${at('accounts.pub')}`,
      `--service-account-signing-key-file=${at('accounts.key')}`,
      `--token-auth-file=${tokens}`,
      '--authorization-mode=RBAC',
      '--service-cluster-ip-range=10.96.0.0/24',
      '--kubelet-preferred-address-types=InternalIP',
      '--profiling=false',
    ],
    controllers: [
      join(programs, 'kube-controller-manager'),
      `--kubeconfig=${kubeconfig}`,
      `--service-account-private-key-file=${at('accounts.key')}`,
      `--root-ca-file=${at('certificates', 'apiserver.crt')}`,
      '--controllers=*,-node-ipam-controller',
      '--leader-elect=false',
      '--bind-address=127.0.0.1',
    ],
    scheduler: [
      join(programs, 'kube-scheduler'),
      `--kubeconfig=${kubeconfig}`,
      '--leader-elect=false',
      '--bind-address=127.0.0.1',
    ],
    containerd: ['containerd', '--config', containerdConfig],
    kubelet: [
      join(programs, 'kubelet'),
      `--config=${kubeletConfig}`,
      `--kubeconfig=${kubeconfig}`,
      `--root-dir=${at('kubelet')}`,
      `--cert-dir=${at('kubelet-certificates')}`,
      `--node-ip=${NODE_ADDRESS}`,
      `--hostname-override=${NODE_NAME}`,
    ],
  };
}

/** A kubeconfig for somebody with a token. */
export function kubeconfigOf(server: string, token: string) {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'user', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'user' } }],
    'current-context': 'test',
  };
}

function containerdToml(folder: string): string {
  return `
version = 2
root = "${folder}/containerd-root"
state = "${folder}/containerd-state"
oom_score = 0
[grpc]
  address = "${folder}/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${IMAGE}"
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${folder}/cni"
`;
}

function podNetwork(dataDir: string) {
  const ipam = { type: 'host-local', ranges: [[{ subnet: POD_SUBNET }]], routes: [{ dst: '0.0.0.0/0' }], dataDir };
  return {
    cniVersion: '0.4.0',
    name: 'pods',
    plugins: [{ type: 'bridge', bridge: 'pods0', isGateway: true, ipMasq: false, ipam }],
  };
}

function kubeletConfiguration(folder: string) {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: NODE_ADDRESS,
    containerRuntimeEndpoint: `unix://${folder}/containerd.sock`,
    cgroupDriver: 'cgroupfs',
    failCgroupV1: false,
    failSwapOn: false,
    makeIPTablesUtilChains: false,
    oomScoreAdj: 0,
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: 'AlwaysAllow' },
    resolvConf: '',
    localStorageCapacityIsolation: false,
    evictionHard: { 'memory.available': '100Mi' },
    enforceNodeAllocatable: [],
    volumePluginDir: `${folder}/volume-plugins`,
  };
}
