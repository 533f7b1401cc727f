/** Simulated nodes, links, packets and firewalls, and the contract tests of the extension points. */
module io.understudy.testkit {
  exports io.understudy.testkit;
  exports io.understudy.testkit.check;
  exports io.understudy.testkit.contract;
  exports io.understudy.testkit.firewall;
  exports io.understudy.testkit.packet;
  exports io.understudy.testkit.gen;
  exports io.understudy.testkit.sim;

  requires transitive io.understudy.core;
  requires jdk.management;
  requires static transitive org.junit.jupiter.api;
}
