package io.understudy.transport.netty;

import io.understudy.testkit.contract.TransportContract;
import io.understudy.testkit.contract.TransportFixture;

/** The contract where there is no epoll. */
class NettyNioContractTest extends TransportContract {
  @Override
  protected TransportFixture newFixture(int linkCount) {
    return new NettyFixture(linkCount, false, false);
  }

  @Override
  protected TransportFixture newBreakableFixture(int linkCount) {
    return new NettyFixture(linkCount, false, true);
  }
}
