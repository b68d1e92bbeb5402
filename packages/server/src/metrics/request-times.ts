import type { FastifyInstance } from 'fastify';
import type { Metric, Sample } from './exposition.ts';

/** Upper bounds in seconds. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

interface Histogram {
  readonly labels: Readonly<Record<string, string>>;
  /** One for each bound, and one for what is beyond. */
  readonly counts: number[];
  sum: number;
}

/** Knows how long the requests of each operation took. */
export class RequestTimes {
  readonly #histograms = new Map<string, Histogram>();

  /** Measures every request of an app from now on. */
  watch(app: FastifyInstance, apiBasePath: string): void {
    app.addHook('onResponse', (request, reply, done) => {
      const { operation, routeOptions } = request;
      // Addresses that no route takes are without number.
      const route = operation ? apiBasePath + operation.slice(operation.indexOf(' ') + 1) : (routeOptions.url ?? 'unknown');
      this.note(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
      done();
    });
  }

  note(method: string, route: string, status: number, seconds: number): void {
    const key = `${method} ${route} ${status}`;
    let histogram = this.#histograms.get(key);
    if (!histogram) {
      histogram = { labels: { method, route, status: String(status) }, counts: BOUNDS.map(() => 0).concat(0), sum: 0 };
      this.#histograms.set(key, histogram);
    }
    const bucket = BOUNDS.findIndex((bound) => seconds <= bound);
    const index = bucket < 0 ? BOUNDS.length : bucket;
    histogram.counts[index] = (histogram.counts[index] ?? 0) + 1;
    histogram.sum += seconds;
  }

  metric(): Metric {
    return {
      name: 'prefect_http_request_duration_seconds',
      help: 'How long requests took, by operation and status.',
      type: 'histogram',
      samples: [...this.#histograms.values()].flatMap(samplesOf),
    };
  }
}

function samplesOf({ labels, counts, sum }: Histogram): Sample[] {
  let count = 0;
  const buckets = counts.map((inBucket, index): Sample => {
    count += inBucket;
    return { suffix: '_bucket', labels: { ...labels, le: String(BOUNDS[index] ?? '+Inf') }, value: count };
  });
  return [...buckets, { suffix: '_sum', labels, value: sum }, { suffix: '_count', labels, value: count }];
}
