/** The dedicated link over TCP and TLS. */
module io.understudy.transport.netty {
  exports io.understudy.transport.netty;

  requires transitive io.understudy.core;
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.transport;
  requires io.netty.transport.classes.epoll;
  requires io.netty.transport.unix.common;
  requires org.slf4j;
}
