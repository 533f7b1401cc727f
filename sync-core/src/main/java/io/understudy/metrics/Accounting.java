package io.understudy.metrics;

/**
 * What the entries of all tables are towards one peer: each is in exactly one state (promise P2).
 *
 * @param acknowledged live entries of groups this member holds that the peer applied as they are
 * @param inFlight sent and not acknowledged
 * @param queued owed: changed, or owed by a bulk sync
 * @param refused excluded by the peer's refusal
 * @param excluded kept back here by a backup reason
 * @param foreign entries of groups that others hold
 * @param foreignOwed of these, with facts that the peer has not acknowledged
 * @param tombstones ended, and not every peer acknowledged that
 * @param live all live entries, as the tables count them; the sum of the first six, but for what is under way
 * @param underWay entries that began or ended while the accounting walked over their part of a table: they may be in {@code live} and in
 *     no state, or the other way round; 0 when nobody publishes
 */
public record Accounting(
    long acknowledged,
    long inFlight,
    long queued,
    long refused,
    long excluded,
    long foreign,
    long foreignOwed,
    long tombstones,
    long live,
    long underWay) {

  /** Records that are owed to the peer or not acknowledged by it: what a failure now could cost. */
  public long unacknowledged() {
    return inFlight + queued;
  }

  /** The states sum up to what there is, to within what is under way (promise P2). */
  public boolean isClosed() {
    long states = acknowledged + inFlight + queued + refused + excluded + foreign;
    return Math.abs(states - live) <= underWay;
  }
}
