package io.understudy.demos.faults;

import io.understudy.Fault;
import io.understudy.SyncListener;
import io.understudy.model.Role;
import io.understudy.model.Term;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How often a member's role changed, and how often a fault of each kind began.
 *
 * <p>Thread: told by the transport's callbacks, asked from any.
 */
final class NewsCount implements SyncListener {
  private final AtomicInteger roles = new AtomicInteger();
  private final AtomicIntegerArray begun = new AtomicIntegerArray(Fault.Kind.values().length);

  @Override
  public void onRole(int group, Role before, Role now, Term term, String cause) {
    roles.incrementAndGet();
  }

  @Override
  public void onFaultBegan(Fault fault) {
    begun.incrementAndGet(fault.kind().ordinal());
  }

  /** Roles, then the faults in the order of their kinds. */
  String asText() {
    StringBuilder text = new StringBuilder("news " + roles.get());
    for (int kind = 0; kind < begun.length(); kind++) {
      text.append(' ').append(begun.get(kind));
    }
    return text.toString();
  }
}
