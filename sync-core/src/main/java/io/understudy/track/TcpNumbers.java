package io.understudy.track;

import io.understudy.model.Direction;

/**
 * Tracks TCP by facts and by numbers: what {@link TcpTracker} says, and what the session's {@link
 * TcpWindow} at this member knows beside it.
 *
 * <p><b>Open sessions.</b> A segment outside of the windows is invalid where all of them are strict;
 * a reset always has to stand where its receiver expects the next number. A SYN passes and is kept; the
 * SYN-ACK that acknowledges it proves that both ends have forgotten the session.
 *
 * <p><b>Handshakes.</b> Their strictness is that of the facts; the window adds where a SYN ended, data
 * in it included, so that a challenge and a reset are told from an answer.
 *
 * <p>Source: RFC 9293, section 3.5; RFC 5961, sections 3 and 4.
 */
final class TcpNumbers {
  private TcpNumbers() {}

  static Verdict track(
      PacketView packet,
      Direction direction,
      SessionFacts facts,
      TcpWindow window,
      ConnectionTracker settings,
      TrackResult result) {
    boolean syn = packet.hasTcpFlag(PacketView.SYN);
    if (!facts.isEmpty() && !syn && result.oldState() != TcpState.CLOSE) {
      Verdict refused = refuse(packet, direction, facts, window, settings, result);
      if (refused != Verdict.ACCEPT) {
        return refused;
      }
    }
    Verdict verdict = TcpTracker.track(packet, direction, facts, settings.picksUp(), result);
    switch (verdict) {
      case CREATE:
        window.clear();
        window.move(packet, Direction.FORWARD, facts);
        return verdict;
      case NEW_GENERATION:
        begin(packet, direction, facts, window);
        return verdict;
      case ACCEPT:
        follow(packet, direction, facts, window, settings);
        return verdict;
      case IGNORE:
        if (syn) {
          window.keepOpening(packet, direction);
        }
        return verdict;
      default:
        return result.invalidReason() == InvalidReason.TCP_OTHER_ISN
                && window.isProven(packet, direction)
            ? reopen(packet, direction, facts, window, result)
            : verdict;
    }
  }

  /** What the numbers refuse before the facts are asked; {@link Verdict#ACCEPT}: nothing. */
  private static Verdict refuse(
      PacketView packet,
      Direction direction,
      SessionFacts facts,
      TcpWindow window,
      ConnectionTracker settings,
      TrackResult result) {
    boolean open = TcpTracker.isOpen(result.oldState(), facts);
    if (packet.hasTcpFlag(PacketView.RST)) {
      if (open && packet.hasTcpFlag(PacketView.ACK) && window.isProven(packet, direction)) {
        return Verdict.ACCEPT; // it refuses the SYN that was let through: the session is no more
      }
      if (!open
          && packet.hasTcpFlag(PacketView.ACK)
          && facts.has(direction.opposite(), TcpState.SYN)) {
        return window.isBeyond(packet, direction)
            ? TcpTracker.doubtedRst(packet, direction, facts, InvalidReason.TCP_WINDOW, result)
            : Verdict
                .ACCEPT; // what it acknowledges proves it or not: its sender may have sent nothing
      }
      WindowCheck check = window.checkReset(packet, direction);
      if (check == WindowCheck.INSIDE) {
        return Verdict.ACCEPT;
      }
      if (!open) {
        return TcpTracker.doubtedRst(packet, direction, facts, InvalidReason.TCP_WINDOW, result);
      }
      return check.isGood()
          ? result.answer(Verdict.IGNORE)
          : result.invalid(InvalidReason.TCP_WINDOW);
    }
    if (open) {
      return refuseOpen(packet, direction, facts, window, settings, result);
    }
    boolean challenge =
        packet.hasTcpFlag(PacketView.ACK)
            && TcpTracker.isUnanswered(direction.opposite(), facts, result)
            && window.isBeyond(packet, direction);
    return challenge ? result.answer(Verdict.IGNORE) : Verdict.ACCEPT;
  }

  /** Where numbers refuse nothing, a FIN of another connection, or a forged one, still ends nothing. */
  private static Verdict refuseOpen(
      PacketView packet,
      Direction direction,
      SessionFacts facts,
      TcpWindow window,
      ConnectionTracker settings,
      TrackResult result) {
    boolean isFin = packet.hasTcpFlag(PacketView.FIN);
    if (!settings.isStrict() && !isFin) {
      return Verdict.ACCEPT;
    }
    WindowCheck check = window.judge(packet, direction);
    if (settings.isStrict()) {
      return check.isGood() ? Verdict.ACCEPT : result.invalid(InvalidReason.TCP_WINDOW);
    }
    if (!isFar(check, packet, direction, window)) {
      return Verdict.ACCEPT;
    }
    window.allowMore(packet, direction, facts);
    return result.answer(Verdict.IGNORE);
  }

  /** Its data lies outside the window, and not just behind what its sender has sent: more than a dataplane that misses segments explains. */
  private static boolean isFar(
      WindowCheck check, PacketView packet, Direction direction, TcpWindow window) {
    return check == WindowCheck.DATA_BEFORE
        || check == WindowCheck.DATA_BEYOND && !window.isNext(packet, direction);
  }

  /** A segment of the session moves its windows; what is in doubt moves them only where nothing is refused for it. */
  private static void follow(
      PacketView packet,
      Direction direction,
      SessionFacts facts,
      TcpWindow window,
      ConnectionTracker settings) {
    if (packet.hasTcpFlag(PacketView.RST)) {
      return;
    }
    WindowCheck check = window.judge(packet, direction);
    if (check.isGood()) {
      window.goesOn(direction);
    }
    if (check.isGood() || !settings.isStrict() && !isFar(check, packet, direction, window)) {
      window.move(packet, direction, facts);
    } else if (!settings.isStrict()) {
      window.allowMore(packet, direction, facts); // after a gap the other end goes on from there
    }
  }

  private static void begin(
      PacketView packet, Direction direction, SessionFacts facts, TcpWindow window) {
    if (packet.hasTcpFlag(PacketView.ACK)) {
      window.forget(direction); // the other end's SYN stands
      window.move(packet, direction, facts);
    } else {
      window.clear();
      window.move(packet, Direction.FORWARD, facts);
    }
  }

  private static Verdict reopen(
      PacketView packet,
      Direction direction,
      SessionFacts facts,
      TcpWindow window,
      TrackResult result) {
    Verdict verdict =
        TcpTracker.reopen(
            packet, direction, window.openingIsn(), window.openingOptions(), facts, result);
    window.clear();
    window.begun(packet.acknowledgement());
    window.move(packet, Direction.REVERSE, facts);
    return verdict;
  }
}
