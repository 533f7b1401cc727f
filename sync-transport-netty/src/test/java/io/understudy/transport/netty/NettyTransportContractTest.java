package io.understudy.transport.netty;

import io.netty.channel.epoll.Epoll;
import io.understudy.testkit.contract.TransportContract;
import io.understudy.testkit.contract.TransportFixture;

class NettyTransportContractTest extends TransportContract {
  @Override
  protected TransportFixture newFixture(int linkCount) {
    return new NettyFixture(linkCount, Epoll.isAvailable(), false);
  }

  @Override
  protected TransportFixture newBreakableFixture(int linkCount) {
    return new NettyFixture(linkCount, Epoll.isAvailable(), true);
  }
}
