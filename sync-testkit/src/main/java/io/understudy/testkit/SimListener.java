package io.understudy.testkit;

import io.understudy.Announcement;
import io.understudy.Fault;
import io.understudy.SyncListener;
import io.understudy.model.Role;
import io.understudy.model.Term;
import io.understudy.table.EntryEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * A member's listener: behaves as it was told to, which may be to throw.
 *
 * <p>Thread: the simulation's, as the node's executor of callbacks.
 */
final class SimListener implements SyncListener {
  private Runnable behaviour = () -> {};
  private IntConsumer announced = group -> {};
  private final List<Fault> faults = new ArrayList<>();
  private String wrongNews = "";

  /** A new life of the member begins: nobody has told it of a fault yet. */
  void beginLife() {
    faults.clear();
  }

  /** What began, as it was told in this life, and did not end. */
  List<Fault> faults() {
    return List.copyOf(faults);
  }

  /** A fault that began twice, or ended and had not begun; empty: none did. */
  String wrongNews() {
    return wrongNews;
  }

  @Override
  public void onFaultBegan(Fault fault) {
    if (faults.stream().anyMatch(fault::isSame)) {
      wrongNews = fault + " began, and goes on already";
    }
    faults.add(fault);
    behaviour.run();
  }

  @Override
  public void onFaultEnded(Fault fault) {
    if (!faults.removeIf(fault::isSame)) {
      wrongNews = fault + " ended, and had not begun";
    }
    behaviour.run();
  }

  /** What it does at the end of every callback. */
  void behave(Runnable action) {
    behaviour = action;
  }

  @Override
  public void onRole(int group, Role before, Role now, Term term, String cause) {
    behaviour.run();
  }

  /** Whom it tells that the member announces itself as the holder of a group. */
  void announces(IntConsumer action) {
    announced = action;
  }

  @Override
  public void onAnnounce(Announcement announcement) {
    announced.accept(announcement.group());
    behaviour.run();
  }

  @Override
  public void onPeer(int peer, boolean connected) {
    behaviour.run();
  }

  @Override
  public void onPeerInSync(int peer, int group) {
    behaviour.run();
  }

  @Override
  public void onSyncComplete(int group) {
    behaviour.run();
  }

  @Override
  public void onArrived(EntryEvent entry) {
    behaviour.run();
  }

  @Override
  public void onEnded(EntryEvent entry) {
    behaviour.run();
  }

  @Override
  public void onLookAgain(int table) {
    behaviour.run();
  }
}
