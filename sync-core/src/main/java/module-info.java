/** Everything a node does, on any transport and under any clock. */
module io.understudy.core {
  exports io.understudy;
  exports io.understudy.backup;
  exports io.understudy.config;
  exports io.understudy.metrics;
  exports io.understudy.model;
  exports io.understudy.runtime;
  exports io.understudy.table;
  exports io.understudy.tables.session;
  exports io.understudy.track;
  exports io.understudy.transport;

  requires transitive io.understudy.proto;
  requires org.slf4j;
}
