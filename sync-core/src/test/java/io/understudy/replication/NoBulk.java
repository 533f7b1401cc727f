package io.understudy.replication;

import io.understudy.delta.OutFrame;
import io.understudy.proto.v1.BulkMark;

/** No bulk sync goes on. */
final class NoBulk implements PeerStream.BulkSide {
  @Override
  public int fill(OutFrame frame, long nowNs) {
    return 0;
  }

  @Override
  public boolean hasMore() {
    return false;
  }

  @Override
  public void onMark(BulkMark mark, long connectionEpoch, long nowNs) {}

  @Override
  public void onMarkAcknowledged(int tableIndex, int partition, int group) {}

  @Override
  public void onLost() {}
}
