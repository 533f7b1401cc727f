/** Everything a node does, on any transport and under any clock. */
module io.understudy.core {
  requires transitive io.understudy.proto;
  requires org.slf4j;
}
