/** The wire: schemas, framing and the record codec. */
module io.understudy.proto {
  requires transitive com.google.protobuf;
}
