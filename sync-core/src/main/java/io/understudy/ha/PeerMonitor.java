package io.understudy.ha;

import io.understudy.model.Term;
import io.understudy.proto.v1.GroupStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Watches one peer: when it was heard, in which life, and what it last said of each group. Decides nothing.
 *
 * <p>Thread: the duty cycle.
 */
public final class PeerMonitor {
  private final int node;
  private final RoleSettings settings;
  private final Map<Integer, GroupStatus> statuses = new HashMap<>();
  private final Map<Integer, Term> shown = new HashMap<>();
  private long incarnation;
  private boolean heardEver;
  private boolean saidEver;
  private long saidSequence;
  private long lastHeardNs;
  private int connections;
  private boolean closedInOrder;

  PeerMonitor(int node, RoleSettings settings) {
    this.node = node;
    this.settings = settings;
  }

  public int node() {
    return node;
  }

  /** The peer's present life, 0 before its first HELLO. */
  public long incarnation() {
    return incarnation;
  }

  /** The peer said, since this member started, what it knows of the groups. */
  public boolean hasAnswered() {
    return saidEver;
  }

  /** The peer was heard, and has not said yet, in its present life, what it knows of the groups. */
  boolean isAboutToSay(long nowNs) {
    return statuses.isEmpty() && isAlive(nowNs);
  }

  public long lastHeardNs() {
    return lastHeardNs;
  }

  public int connections() {
    return connections;
  }

  /** A new life: what the former one said is void. */
  void beginIncarnation(long next) {
    incarnation = next;
    statuses.clear();
    shown.clear();
    saidSequence = 0;
  }

  void heard(long nowNs) {
    heardEver = true;
    lastHeardNs = nowNs;
  }

  void connected() {
    connections++;
    closedInOrder = false;
  }

  void disconnected(boolean inOrder) {
    connections = Math.max(0, connections - 1);
    closedInOrder = inOrder;
  }

  /** Answers false if something newer was said already. */
  boolean said(long sequence, List<GroupStatus> said) {
    if (sequence <= saidSequence) {
      return false;
    }
    saidSequence = sequence;
    saidEver = true;
    for (GroupStatus status : said) {
      statuses.put(status.getGroup(), status);
    }
    return true;
  }

  GroupStatus status(int group) {
    return statuses.get(group);
  }

  /**
   * The peer is taken for alive: heard within the detection time. Once its sockets are closed less silence is enough, since an
   * embedded library ends with its dataplane: two intervals after an orderly close, half the detection time after a break.
   */
  boolean isAlive(long nowNs) {
    return heardEver && nowNs - lastHeardNs < silenceAllowedNs();
  }

  long silenceAllowedNs() {
    if (connections > 0) {
      return settings.detectionNs();
    }
    return Math.min(
        settings.detectionNs(),
        closedInOrder ? 2 * settings.intervalNs() : settings.detectionNs() / 2);
  }

  /** The peer's own stream showed that it holds the group in this term; its next status may still be older. */
  void showed(int group, Term term) {
    shown.put(group, term);
  }

  /** The peer says, or its stream showed, that it holds the group in this term; a higher one is another, not followed. */
  boolean holds(int group, Term term) {
    if (term.node() != node) {
      return false;
    }
    GroupStatus status = statuses.get(group);
    Term lastShown = shown.get(group);
    Term lastSaid = status == null ? Term.NONE : term(status.getTerm());
    return lastShown != null && lastShown.compareTo(lastSaid) > 0
        || status != null && status.getHolds() && lastSaid.compareTo(term) <= 0;
  }

  static Term term(io.understudy.proto.v1.Term term) {
    return new Term(term.getNumber() & 0xFFFFFFFFL, term.getNode());
  }
}
