package io.understudy.testkit.firewall;

import io.understudy.tables.session.SessionRecord;
import io.understudy.tables.session.SessionTable;

/** What a firewall has once for each address family. Thread: the dataplane's. */
final class Family {
  final SessionTable table;
  final SessionRecord record;
  final ParkingLot parking;
  final Upkeep upkeep;
  final Windows windows;

  Family(SessionTable table, ParkingLot parking, Upkeep upkeep, Windows windows) {
    this.table = table;
    this.parking = parking;
    this.upkeep = upkeep;
    this.windows = windows;
    record = table.newRecord();
  }
}
