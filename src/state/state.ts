/** umbra's own durable state: journal, obligations, locks, catalog. */
export interface State extends Disposable {
  readonly path: string;
}
