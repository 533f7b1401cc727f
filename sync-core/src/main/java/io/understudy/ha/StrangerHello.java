package io.understudy.ha;

/**
 * What a process that is refused says of itself.
 *
 * @param node the node id that it has for itself
 * @param life its incarnation
 * @param detectionNs its claim time
 * @param isCertain nothing is wrong with it but that its node id is there twice, or whoever is up as the peer has not the peer's address: it is no
 *     process of another cluster that is on the peer's host too
 */
public record StrangerHello(int node, long life, long detectionNs, boolean isCertain) {}
