import type { Event } from '../../model/event.js';
import { CheckedOut } from './checked-out.js';
import { ConfiguredProposals } from './configured-proposals.js';
import { ForbiddenAlgorithms } from './forbidden-algorithms.js';
import { InitiateOrders } from './initiate-orders.js';
import { LoadingThreads } from './loading-threads.js';
import { LostAddresses } from './lost-addresses.js';
import { OwnAuthentication } from './own-authentication.js';
import { RekeyOrders } from './rekey-orders.js';
import { UnconfirmedIdentities } from './unconfirmed-identities.js';

/** What one daemon process has logged that later lines refer to without repeating it. */
export class EarlierLines {
  readonly rekeyOrders = new RekeyOrders();
  readonly loading = new LoadingThreads();
  private readonly checkedOut = new CheckedOut();
  private readonly proposals = new ConfiguredProposals();
  private readonly authentication = new OwnAuthentication();
  private readonly orders = new InitiateOrders();
  private readonly forbidden = new ForbiddenAlgorithms();
  private readonly unconfirmed = new UnconfirmedIdentities();
  private readonly lost = new LostAddresses();

  /** Takes a line about the process or the loading of a connection; returns it with what earlier ones add. */
  hear(event: Event): Event {
    if (event.message.daemon === 'pluto') this.authentication.learn(event);
    else if (event.message.daemon === 'charon') this.orders.hear(event);
    this.rekeyOrders.learn(event);
    this.forbidden.learn(event);
    this.unconfirmed.learn(event);
    this.lost.learn(event);
    return this.forbidden.complete(event);
  }

  /** Takes a line that only tells how to read others; false if it is another one. */
  keep(event: Event): boolean {
    if (this.checkedOut.hear(event)) return true;
    if (event.kind !== 'proposal.configured' || event.message.saNumber !== null || event.message.daemon !== 'pluto') return false;
    this.proposals.learn(event);
    return true;
  }

  /** The line of an SA, with what earlier ones add. */
  complete(told: Event): Event {
    const event = this.checkedOut.complete(told);
    if (event.message.daemon === 'pluto') return this.authentication.complete(this.proposals.complete(event));
    return event.message.daemon === 'charon' ? this.lost.complete(this.unconfirmed.complete(this.orders.complete(event))) : event;
  }

  /** An order to initiate a connection that this process does not know; null if there is none. */
  orderInVain(): Event | null {
    return this.orders.inVain();
  }
}
