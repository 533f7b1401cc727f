package io.understudy.testkit.mutant;

import static io.understudy.testkit.mutant.Edit.answers;
import static io.understudy.testkit.mutant.Edit.callAnswers;
import static io.understudy.testkit.mutant.Edit.callRedirected;
import static io.understudy.testkit.mutant.Edit.doesNothing;
import static io.understudy.testkit.mutant.Edit.redirected;
import static io.understudy.testkit.mutant.Edit.skips;

import java.util.ArrayList;
import java.util.List;

/** All mutants, in the order of the rules. */
final class Mutants {
  private static final List<Mutant> ALL = new ArrayList<>();

  static {
    state();
    frames();
    refusals();
    epochsAndHandles();
    generations();
    writers();
    terms();
    right();
    connections();
    embedder();
    bulk();
    rest();
    countedWrites();
    refusedPeers();
  }

  private Mutants() {}

  static List<Mutant> all() {
    return List.copyOf(ALL);
  }

  private static void add(String name, String rule, String sentence, Edit edit) {
    ALL.add(new Mutant(name, rule, sentence, edit));
  }

  private static void state() {
    add(
        "known-by-ack",
        "1",
        "known is set when the record is first written into a frame",
        redirected("delta.PeerMarks.isKnown", "isIntroducedOrStale"));
    add(
        "received-unknown",
        "1",
        "known is set when the record is received from that peer",
        doesNothing("delta.TableDelta.received"));
    add(
        "spoken-unknown",
        "1",
        "whoever spoke of a key with a record may hold it, also when that is a candidate or older",
        doesNothing("delta.TableDelta.mayHold"));
    add(
        "stale-unknown",
        "1",
        "a mark with an older sync number reads as perhaps known",
        callAnswers("delta.PeerMarks.isKnown", "isStale", false));
    add(
        "stale-introduced",
        "1",
        "a mark with an older sync number reads as not introduced",
        callAnswers("delta.PeerMarks.isIntroduced", "isStale", false));
    add(
        "introduced-by-sending",
        "1",
        "until the introducing frame is acknowledged the record goes whole",
        redirected("delta.PeerMarks.isIntroduced", "isIntroducedOnceSent"));
  }

  private static void frames() {
    add(
        "any-frame-settles",
        "2",
        "an acknowledgement touches only records with last frame <= n",
        answers("delta.PeerMarks.isUpTo", true));
    add(
        "any-visit-settles",
        "2",
        "an acknowledgement touches only records with last frame <= n: those of members, which are visited",
        answers("delta.PeerMarks.isLastFrame", true));
    add(
        "lost-frames",
        "2",
        "what was in flight when the connection ended is dirty again",
        doesNothing("delta.Settlement.lost"));
    add(
        "dropped-batches",
        "2",
        "the records of a batch that the receiver dropped are dirty again",
        skips("replication.FrameSettlement.acknowledged", "FrameSettlement.lost"));
    add(
        "delete-for-good",
        "2",
        "an acknowledgement completes a delete only if the record is dead and not dirty",
        redirected("delta.Settlement.deleted", "deletedForGood"));
    add(
        "refusals-unsaid",
        "3",
        "an acknowledgement lists refused records with the reason",
        skips("replication.StreamReceiver.refuse", "AckBuilder.refused"));
    add(
        "unknown-is-gone",
        "3",
        "UNKNOWN_HANDLE: not introduced and dirty, goes again whole",
        callRedirected(
            "replication.FrameSettlement.refused", "AckVerdicts.reason", "unknownIsGone"));
    add(
        "full-for-ever",
        "3",
        "what was refused as full is retried when the peer reports room",
        doesNothing("replication.RefusalRetry.room"));
    add(
        "other-refusals-owed",
        "3",
        "what is refused for another reason is excluded by it",
        redirected("delta.PeerMarks.refused", "refusedAndOwed"));
    add(
        "refused-is-held",
        "3",
        "refused and not held by the peer: not known",
        callAnswers("replication.FrameSettlement.refused", "AckVerdicts.isOlderHeld", true));
    add(
        "refused-is-not-held",
        "3",
        "refused and held in an older version: still known, its delete is sent in its time",
        callAnswers("replication.FrameSettlement.refused", "AckVerdicts.isOlderHeld", false));
  }

  private static void refusals() {
    add(
        "former-term-settles",
        "3",
        "what a holder says of a frame that was sent before its term is no word of the holder, which is asked",
        answers("replication.FrameSettlement.isOfFormerTerm", false));
    add(
        "ack-without-bound",
        "3",
        "an acknowledgement says what fits a frame, the next one the rest",
        callAnswers("replication.AckBuilder.write", "bytes", 0));
    add(
        "ack-ahead-of-refusals",
        "3",
        "an acknowledgement ends before the first frame whose refusals do not fit",
        answers("replication.AckBuilder.saysAll", true));
    add(
        "never-quarantined",
        "3",
        "a record that comes again with a key of another partition is quarantined",
        answers("replication.Suspects.isFirst", true));
    add(
        "stall-unseen",
        "14",
        "a connection on which nothing is acknowledged while the peer is heard is opened again",
        doesNothing("Stalls.renew"));
  }

  private static void epochsAndHandles() {
    add(
        "late-epochs",
        "4",
        "a receiver drops batches of a lower epoch",
        answers("replication.Inbound.isStaleEpoch", false));
    add(
        "new-life-at-once",
        "4",
        "a new incarnation ends all connections of the former one; what they hold is applied first",
        callAnswers("Connections.isFormerLifeOpen", "hasOpenConnections", false));
    add(
        "new-life-waits",
        "4",
        "of a life that echoes nothing any more the connections are finished for the next one",
        callAnswers("Connections.admitIfAlone", "PeerMonitor.isEchoing", true));
    add(
        "handles-outlive",
        "4",
        "with an incarnation end all its epochs, handles and seen marks",
        doesNothing("replication.Inbound.forgetIncarnation"));
    add(
        "slot-only-handles",
        "5",
        "the slot incarnation rises with every new generation",
        callAnswers("table.TableRows.stage", "slotIncarnation", 1));
    add(
        "any-handle",
        "5",
        "what is said of a forgotten handle changes nothing",
        redirected("replication.EntryMerge.byHandle", "localSlotOfAny"));
    add(
        "introduced-in-place",
        "5",
        "a new generation in place is introduced again, whatever became of the former one",
        doesNothing("delta.TableDelta.newSlot"));
  }

  private static void generations() {
    add(
        "one-generation",
        "6",
        "the higher generation replaces",
        callAnswers("replication.EntryMerge.introduce", "compareGeneration", 0));
    add(
        "last-generation",
        "6",
        "the lower generation replaces nothing",
        callAnswers("replication.OtherGroups.meeting", "ReceivedBatch.compareGeneration", 1));
    add(
        "anybody-gives-way",
        "6",
        "of two groups' sessions on one key only a holder ends the one that goes",
        callAnswers("replication.OtherGroups.meeting", "Groups.holds", true));
    add(
        "dropped-unsaid",
        "6",
        "whoever drops a holder's record refuses it to that holder",
        answers("replication.EntryMerge.meetOtherGroup", -1));
    add(
        "former-group-untold",
        "6",
        "what gives way to another group's session is ended where it may be held",
        callAnswers("table.TableRows.leave", "ChangeSink.onEnd", false));
    add(
        "ended-comes-back",
        "6",
        "no candidate brings back what has ended at its receiver",
        answers("replication.Candidates.isEndedHere", false));
    add(
        "joined-facts-untold",
        "6",
        "facts of a session that lives on in another's are told to all",
        doesNothing("replication.OtherGroups.learn"));
    add(
        "never-joins",
        "6",
        "records of two creators join",
        answers("tables.session.SessionRules.joins", false));
    add(
        "always-joins",
        "6",
        "only records of the same opening or crossed openings join",
        answers("tables.session.SessionRules.joins", true));
    add(
        "crossed-stay-apart",
        "6",
        "crossed, unanswered openings join",
        callAnswers("tables.session.SessionRules.joins", "FactWords.isOpeningOnly", false));
    add(
        "answered-join",
        "6",
        "crossed openings of which one was answered do not join",
        callAnswers("tables.session.SessionRules.joins", "FactWords.isOpeningOnly", true));
    add(
        "bindings-join",
        "6",
        "with conflicting bindings nothing joins",
        answers("tables.session.SessionRules.bindingsConflict", false));
    add(
        "clock-alone",
        "6",
        "the clock is above everything seen in HELLO and records",
        doesNothing("table.GenerationClock.observe"));
    add(
        "clock-from-the-bound",
        "6",
        "two lives that begin from one bound give a key different generations",
        answers("table.GenerationClock.skipped", 0L));
    add(
        "clock-from-zero",
        "6",
        "an upper bound of the clock is stored",
        callAnswers("NodeParts.<init>", "StoredState.generationBound", 0L));
    add(
        "holder-gives-way",
        "6",
        "a holder that meets a higher generation from another member keeps its own under a new one",
        doesNothing("replication.EntryMerge.keepUnderNewGeneration"));
  }

  private static void writers() {
    add(
        "anyone-deletes",
        "7",
        "only the holder's stream creates, deletes and sets holder's values",
        answers("replication.StreamReceiver.isOfPresentTerm", true));
    add(
        "members-create",
        "7",
        "another member that sees traffic creates nothing",
        callAnswers("table.HotTable.create", "Authority.holds", true));
    add(
        "members-end",
        "7",
        "another member ends nothing",
        callAnswers("table.HotTable.remove", "Authority.holds", true));
    add(
        "needs-unasked",
        "7",
        "facts about an unknown entry are asked of the holder",
        doesNothing("replication.Needs.ask"));
    add(
        "holder-tells-nobody",
        "8",
        "what a member told and the holder had not known, the holder owes to every other member",
        doesNothing("replication.EntryMerge.tellOn"));
    add(
        "holder-is-not-told",
        "8",
        "what a member told and another had not known, that one owes to the holder",
        callAnswers("replication.EntryMerge.tellOn", "Groups.holder", 0));
    add(
        "merges-echo",
        "8",
        "only a local publish marks dirty, a merge never does",
        callRedirected("replication.FieldMerge.mergeInto", "TableRows.mergeFacts", "mergeAndEcho"));
    add(
        "older-unanswered",
        "8",
        "a received record strictly older than ours is answered",
        doesNothing("replication.EntryMerge.answerOlder"));
    add(
        "one-ack-frees",
        "9",
        "tombstones stay until every remembered peer acknowledged",
        answers("delta.TableDelta.isForgettable", true));
    add(
        "away-forgotten",
        "9",
        "tombstones stay for a peer that is away for less than outageMemory",
        callAnswers("delta.TableDelta.ended", "isRemembered", false));
    add(
        "former-life-kept",
        "9",
        "no tombstone waits for a former life of a peer",
        skips("Debts.forget", "TombstonePass.restart"));
    add(
        "debts-kept",
        "9",
        "beyond 1/8 of a table the peer with the oldest debt owes a sweep",
        doesNothing("Debts.dropOldestDebt"));
    add(
        "debt-unswept",
        "9",
        "a peer whose debts were dropped returns by bulk and sweep",
        skips("Debts.oweBulk", "BulkSender.owe"));
  }

  private static void terms() {
    add(
        "takeover-at-once",
        "10",
        "at takeover what the old connections still hold is applied first",
        callAnswers("ha.GroupRoles.giveUp", "RoleActions.isFinished", true));
    add(
        "no-history",
        "10, 15",
        "history decides who claims, not a number: a member that completed no bulk claims only if no other has",
        answers("ha.ClaimOrder.isBetter", false));
    add(
        "unheard-claims",
        "10",
        "a restarted node claims only when no member with records answers within the boot hold",
        callAnswers("ha.GroupRoles.isBootHoldOver", "RoleSettings.bootHoldNs", 0L));
    add(
        "unanswered-claims",
        "10",
        "a peer that is heard and has not said what it holds is waited for",
        answers("ha.PeerMonitor.isAboutToSay", false));
    add(
        "terms-unstored",
        "10",
        "a term is stored before use",
        doesNothing("StoredState.storeTermBounds"));
    add(
        "former-life-holds",
        "10",
        "when a new incarnation of the holder appears, the holder counts as dead",
        skips("ha.PeerMonitor.beginIncarnation", "clear"));
    add(
        "loser-goes-on",
        "10",
        "after a split the loser adopts the winner's term",
        doesNothing("ha.GroupRoles.follow"));
    add(
        "number-unseen",
        "10",
        "a holder that hears a higher number takes a new term above it",
        callAnswers("ha.GroupRoles.evaluateAsHolder", "claim", false));
    add(
        "no-candidates",
        "10",
        "what the loser of a split had changed goes as candidates",
        callAnswers("delta.Drain.take", "PeerMarks.isStale", false));
    add(
        "decides-for-ever",
        "10",
        "a process that slept is fenced by time",
        callAnswers("ha.DecisionRight.rightNs", "RightSettings.rightNs", 1L << 60));
    add(
        "trusts-itself",
        "10",
        "a right that ran out comes back by an answer to something sent since",
        answers("ha.DecisionRight.stands", true));
  }

  /** The clauses of docs/concepts/roles.md that a whole cluster shows; the walk of the class shows all of them. */
  private static void right() {
    add(
        "nobody-asks",
        "10",
        "a holder without the right asks for echoes, whatever its peers' own intervals are",
        doesNothing("ha.Questions.ask"));
    add(
        "questions-unanswered",
        "10",
        "whoever is asked says a heartbeat at once",
        callAnswers("ha.RoleMachine.onHeartbeat", "Heartbeat.getAsks", false));
    add(
        "questions-queue",
        "10",
        "nobody is asked again before it answered, within an interval",
        answers("ha.Questions.isAnswered", true));
    add(
        "right-from-the-turn",
        "10",
        "the right lasts from the number that gave it, not from the turn",
        callRedirected("ha.RoleMachine.run", "DecisionRight.judge", "judgeAndRenew"));
    add(
        "credit-untaken",
        "10",
        "a number gives a right once every connection that the peer may count on has taken it",
        answers("ha.DecisionRight.isTaken", true));
    add(
        "closed-is-free",
        "10",
        "a closed connection is counted on until a dial is refused, or D passed",
        answers("ha.PeerLine.isCountedOn", false));
    add(
        "sleep-is-silence",
        "10",
        "each own turn adds at most an interval to a peer's silence",
        redirected("ha.PeerLine.counted", "wholeTurn"));
    add(
        "silence-unchained",
        "10",
        "silence counts within an unbroken chain of heartbeats that were taken",
        answers("ha.PeerLine.isUnbroken", true));
    add(
        "sleeper-decides",
        "10",
        "whoever slept for its claim time claims without the right until it is awake for as long",
        answers("ha.GroupRoles.hasJustSlept", false));
    add(
        "refused-before-met",
        "10",
        "a dial begun before a process of the peer agreed on a connection says nothing of that process",
        doesNothing("ha.PeerLine.met"));
    add(
        "stranger-forgotten",
        "16",
        "when a refused process that held a group is over, or becomes the peer, others are told again",
        doesNothing("ha.OtherHolders.noteStrangerOver"));
    add(
        "other-life-unannounced",
        "10",
        "a holder announces itself when a peer is met in another life",
        skips("ha.RoleMachine.onIncarnation", "OtherHolders.noteUnheard"));
    add(
        "leaving-number",
        "10",
        "no holder goes above a number that a leaving member tells",
        callAnswers("ha.StatusRules.onStatus", "PeerMonitor.leaves", false));
    add(
        "claims-unasked",
        "10",
        "among three a claim needs every other one's consent",
        answers("ha.DecisionRight.agrees", true));
    add(
        "news-unrepeated",
        "10",
        "news that found no room are said when there is some",
        skips("Connections.onWritable", "RoleMachine.onRoom"));
    add(
        "right-unannounced",
        "10",
        "a right that begins is announced",
        doesNothing("ha.GroupRoles.announce"));
  }

  private static void connections() {
    add(
        "crossed-both-stay",
        "4",
        "of two connections that crossed the one that the lower node id dialled stays",
        answers("Crossing.loses", false));
    add(
        "replaces-unsaid",
        "4",
        "a connection replaces the one that its dialler had up before",
        callAnswers("Connections.sendHello", "Peer.newestUp", 0L));
    add(
        "limits-unchecked",
        "16",
        "nothing that a peer says is believed beyond its limit",
        doesNothing("wire.InputLimit.check"));
    add(
        "slots-unbounded",
        "16",
        "a peer names no slot beyond those that its HELLO says",
        callAnswers("replication.StreamReceiver.apply", "Handles.limit", Integer.MAX_VALUE));
  }

  private static void embedder() {
    add(
        "close-keeps-the-right",
        "10",
        "the right to decide ends first when a node is closed",
        skips("Ending.ask", "RoleMachine.stopDeciding"));
    add(
        "close-publishes",
        "10",
        "nothing is published from the moment of a close",
        skips("Ending.ask", "NodeGroups.close"));
    add(
        "close-owes",
        "10",
        "what was published before a close is sent before the sockets close",
        answers("Ending.sendOwed", true));
    add(
        "close-untold",
        "10",
        "a node that is closed says which terms ended, so that its peer decides at once",
        skips("Ending.run", "Heartbeats.leave"));
    add(
        "callbacks-in-the-turn",
        "-",
        "callbacks leave the duty cycle, so that one that throws stops nothing",
        redirected("Callbacks.tellInOrder", "callAtOnce"));
    add(
        "checksum-unseen",
        "10",
        "nothing of a damaged store is used",
        redirected("StoredState.checksum", "storedChecksum"));
    add(
        "publish-unchecked",
        "-",
        "a wrong publish is refused in the call that made the mistake",
        doesNothing("table.PublishChecks.check"));
    add(
        "binding-taken-twice",
        "6",
        "two sessions never have one binding",
        answers("table.Bindings$Claim.isTaken", false));
  }

  private static void bulk() {
    add(
        "walk-skips-dirty",
        "11",
        "the walker sends each record itself",
        callRedirected("delta.Drain.walk", "PeerMarks.isRefused", "isRefusedOrDirty"));
    add(
        "nothing-seen",
        "11",
        "any message about an entry counts as seen",
        doesNothing("delta.SeenMarks.set"));
    add(
        "ack-unseen",
        "11",
        "the holder's acknowledgement of the receiver's own message counts as seen",
        skips("replication.FrameSettlement.acknowledged", "SeenMarks.set"));
    add(
        "sweeps-unsettled",
        "11",
        "an entry that is dirty or in flight towards the holder is never swept",
        callAnswers("bulk.BulkReceiver.isLeftOver", "isUnsettled", false));
    add(
        "any-mark",
        "11",
        "a mark is valid only in the epoch and term in which the walk of that partition began",
        answers("Peer.isValid", true));
    add(
        "no-sweep",
        "11",
        "at the mark the receiver removes the group's entries it did not see",
        answers("bulk.BulkReceiver.isLeftOver", false));
    add(
        "walk-goes-on",
        "11",
        "a reconnect resumes with the first partition whose mark is not acknowledged",
        doesNothing("bulk.BulkSender.onLost"));
    add(
        "holder-owes-nothing",
        "11",
        "a change of holder owes a bulk and sweep",
        skips("RoleEffects.onHolderChanged", "BulkSender.owe"));
    add(
        "walk-not-begun-again",
        "11",
        "a new incarnation, a change of holder or a dropped debt starts again at the first partition",
        redirected("bulk.BulkSender.owe", "oweUnlessWalked"));
    add(
        "seen-before-the-walk",
        "11",
        "what was heard before a dropped debt's walk does not count as seen",
        doesNothing("replication.PeerStream.beginAgain"));
    add(
        "walk-outlives-term",
        "11",
        "a member that no longer holds the group stops its walk",
        skips("RoleEffects.onHolderChanged", "BulkSender.cancel"));
  }

  private static void rest() {
    add(
        "no-window",
        "14",
        "in-flight bytes per connection are bounded",
        answers("delta.InFlight.hasRoom", true));
    add(
        "any-hello",
        "16",
        "HELLO carries wire version, cluster, hash key and schemas, which must agree",
        answers("Handshake.objection", ""));
    add(
        "any-wire-version",
        "16",
        "members of different wire versions refuse each other",
        callAnswers("Handshake.objection", "Hello.getWireVersion", 0));
    add(
        "any-cluster",
        "16",
        "members of different clusters refuse each other",
        callAnswers("Handshake.objection", "String.equals", true));
    add(
        "any-hash-key",
        "16",
        "members with different hash keys refuse each other",
        callAnswers("Handshake.objection", "ByteString.equals", true));
    add(
        "any-columns",
        "16",
        "members to which a column means different things refuse each other",
        answers("Handshake.tableObjection", ""));
    add(
        "jumps-believed",
        "10",
        "a term number or a generation jumps no further than anything counts",
        doesNothing("JumpLimit.check"));
    add(
        "shares-add",
        "17",
        "a share is an absolute number that only rises",
        callRedirected("table.TableRows.mergeShare", "Math.max", "sum"));
    add(
        "last-share",
        "17",
        "the larger share counts",
        callRedirected("table.TableRows.mergeShare", "Math.max", "last"));
    add(
        "share-from-zero",
        "17",
        "a writer that restarted goes on from its share in the bulk",
        doesNothing("table.TableRows.mergeOwnShare"));
  }

  /** Whoever looks for changes from outside compares only where a partition's count of writes says so. */
  private static void countedWrites() {
    add(
        "change-uncounted",
        "-",
        "a local change of a row is counted",
        skips("table.TableRows.change", "written"));
    add(
        "merge-uncounted",
        "-",
        "a merge into a row is counted",
        skips("table.TableRows.mergeFacts", "written"));
    add(
        "mark-uncounted",
        "-",
        "a change of a mark is counted",
        skips("delta.TableDelta.setMark", "written"));
  }

  private static void refusedPeers() {
    add(
        "refused-closed",
        "16",
        "a heartbeat connection that is refused stays",
        answers("RefusedConnections.keep", false));
    add(
        "refused-rank",
        "16",
        "where nobody holds, rank decides among members that refuse each other",
        answers("ha.RefusedMembers.isRefusedAhead", false));
    add(
        "refused-both-hold",
        "16",
        "of two that refuse each other and hold, the one behind by rank ends",
        answers("ha.RefusedMembers.isHolderAhead", false));
    add(
        "refused-followed",
        "16",
        "no term of a member that is refused is followed",
        callAnswers("ha.RoleMachine.onStatuses", "PeerMonitor.isRefused", false));
    add(
        "refused-behind-the-dead",
        "16",
        "a refused holder in the place of a peer that echoes nothing any more is heard, whatever connections are open",
        doesNothing("ha.RoleMachine.onStranger"));
    add(
        "refused-stranger",
        "16",
        "who is at no peer's address is not heard",
        callAnswers("RefusedConnections.placeOf", "Link.isAtAddressOf", true));
  }
}
