package io.understudy.transport.netty;

import io.understudy.transport.CloseCause;
import io.understudy.transport.DialFailure;
import io.understudy.transport.Link;
import io.understudy.transport.LinkKind;
import io.understudy.transport.LinkListener;
import java.util.ArrayList;
import java.util.List;

/** Notes calls as words; frames by length. */
class NotingListener implements LinkListener {
  private final List<String> calls = new ArrayList<>();

  synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  synchronized boolean hasCall(String start) {
    return calls.stream().anyMatch(call -> call.startsWith(start));
  }

  synchronized long count(String start) {
    return calls.stream().filter(call -> call.startsWith(start)).count();
  }

  private synchronized void note(String call) {
    calls.add(call);
    notifyAll();
  }

  @Override
  public void onTime(long nowNs) {}

  @Override
  public void onDialFailed(
      int node, int linkIndex, LinkKind kind, long begunNs, DialFailure why, String detail) {}

  @Override
  public void onFailed(Throwable cause) {
    note("failed: " + cause.getMessage());
  }

  @Override
  public void onOpened(Link link) {
    note("opened " + link.index() + " " + link.kind());
  }

  @Override
  public void onFrame(Link link, byte[] frame, int offset, int length) {
    note("frame " + length);
  }

  @Override
  public void onWritable(Link link) {
    note("writable");
  }

  @Override
  public void onClosed(Link link, CloseCause cause, String detail) {
    note("closed " + cause + ": " + detail);
  }
}
