import type { Event } from '../../model/event.js';
import type { FieldValue } from '../../model/fields.js';
import type { AttemptInProgress } from '../attempts/attempt-in-progress.js';

/** Most orders come to a rekeying at once; those of SAs that are not in the log never do. */
const MAX_ORDERS = 1_024;

/**
 * Orders to rekey a Child SA, which charon logs with an SPI as soon as the kernel reports that the SA expires
 * (kernel_handler.c). The Quick Mode that follows is worded like one that creates a Child SA.
 */
export class RekeyOrders {
  private readonly spis = new Set<FieldValue>();

  learn({ fields: { 'spi.expiring': spi } }: Event): void {
    if (spi === undefined) return;
    this.spis.add(spi);
    const [oldest] = this.spis;
    if (this.spis.size > MAX_ORDERS && oldest !== undefined) this.spis.delete(oldest);
  }

  /** Takes the order to rekey one of these Child SAs, each of which may expire in both directions; false if there is none. */
  take(children: readonly AttemptInProgress[]): boolean {
    if (this.spis.size === 0) return false;
    const ordered = children.flatMap(({ fields }) => [fields['spi.in'], fields['spi.out']].filter((spi) => spi !== undefined && this.spis.has(spi)));
    for (const spi of ordered) if (spi !== undefined) this.spis.delete(spi);
    return ordered.length > 0;
  }
}
