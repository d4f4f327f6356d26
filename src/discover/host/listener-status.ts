/** An instance of a service, as the listener tells it. */
export interface ServedInstance {
  readonly service: string;
  readonly instance: string;
  /** READY, BLOCKED (not open), RESTRICTED; UNKNOWN is a static registration, of which the listener knows no state. */
  readonly status: string;
}

export interface ListenerEndpoint {
  readonly host: string;
  readonly port: number;
}

export interface ListenerStatus {
  readonly endpoints: readonly ListenerEndpoint[];
  readonly served: readonly ServedInstance[];
  /** `TNS-12541: …`: the first complaint, where it has one. */
  readonly problem: string | undefined;
}

/**
 * What `lsnrctl status` or `lsnrctl services` printed. Words of the status: Net Services Administrator's Guide,
 * "Monitoring Services of a Listener".
 */
export function parseListenerStatus(text: string): ListenerStatus {
  const endpoints: ListenerEndpoint[] = [];
  const served: ServedInstance[] = [];
  let service: string | undefined;
  for (const line of text.split("\n")) {
    const named = /^\s*Service "([^"]+)" has \d+ instance/u.exec(line)?.[1];
    if (named !== undefined) service = named;
    const [, instance, status] = /^\s*Instance "([^"]+)", status ([A-Z/]+)/u.exec(line) ?? [];
    if (service !== undefined && instance !== undefined && status !== undefined)
      served.push({ service, instance, status });
    const endpoint = endpointOf(line);
    if (endpoint !== undefined) endpoints.push(endpoint);
  }
  return { endpoints: distinct(endpoints), served, problem: /^\s*(TNS-\d{5}: .*?)\s*$/mu.exec(text)?.[1] };
}

/** Of TCP only, and of listening endpoints: a line of "Connecting to" is what the tool itself was told. */
function endpointOf(line: string): ListenerEndpoint | undefined {
  if (!/^\s*\(DESCRIPTION=\(ADDRESS=\(PROTOCOL=tcp\)/iu.test(line)) return undefined;
  if (/\(Presentation=/iu.test(line)) return undefined;
  const host = /\(HOST=\s*([^()\s]+)\s*\)/iu.exec(line)?.[1];
  const port = Number(/\(PORT=\s*(\d{1,5})\s*\)/iu.exec(line)?.[1]);
  return host !== undefined && port >= 1 && port <= 65_535 ? { host, port } : undefined;
}

function distinct(endpoints: readonly ListenerEndpoint[]): readonly ListenerEndpoint[] {
  return [...new Map(endpoints.map((one) => [`${one.host} ${one.port}`, one])).values()];
}
