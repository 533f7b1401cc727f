/** The wire: schemas, framing and the record codec. */
module io.understudy.proto {
  exports io.understudy.proto.v1;
  exports io.understudy.wire;

  requires transitive com.google.protobuf;
}
