package io.understudy.testkit.contract;

import io.understudy.transport.Transport;
import java.util.function.BooleanSupplier;

/**
 * Two members, numbered 1 and 2, and what lies between them, as {@link TransportContract} needs it.
 *
 * <p>Thread: the test's. The contract notifies the fixture's monitor after each call of a listener.
 */
public interface TransportFixture extends AutoCloseable {
  /**
   * A new process life of a member: its transport, not started. An earlier life of the same member was closed before.
   */
  Transport open(int node);

  /** Runs an action where the duty cycle of this member's newest life runs, and returns when it has run. */
  void run(int node, Runnable action);

  /** Lets the members run until the condition holds; false when it does not within a generous time. */
  boolean await(BooleanSupplier condition);

  /** Returns when what the members sent has reached the other machine, as far as its buffers have room. */
  void settle();

  /** Puts a member's process to sleep, for longer than any step takes; its machine goes on receiving. */
  void pause(int node);

  /** Wakes the process; the first thing that it does is this action. */
  void resume(int node, Runnable first);

  /** Breaks the connections of a link; new ones can be made. */
  void breakLink(int link);

  /** More bytes than one direction of a connection can take while nobody reads. */
  long unreadLimitBytes();

  @Override
  void close();
}
