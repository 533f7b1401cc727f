/**
 * Session tables for IPv4 and IPv6.
 *
 * <p>{@link io.understudy.tables.session.SessionTable} is what a dataplane uses: publish, look up, touch, remove, with one reused {@link
 * io.understudy.tables.session.SessionRecord}; what only reads sessions takes its half for that, a {@link
 * io.understudy.tables.session.SessionView}. {@code SessionLayout} says where each field lies and in which column it travels; {@code
 * SessionRules} how two records of one session merge. Tracking ({@link io.understudy.track}) and the decision whether a session is
 * backed up ({@code io.understudy.backup}) are separate: a dataplane may use its own.
 *
 * <p>{@link io.understudy.tables.session.ParkedPackets} keeps packets that came before their session, on asymmetric paths.
 *
 * <p>Any thread. Read {@code SessionTable} first, {@code SessionLayout} for the fields.
 */
package io.understudy.tables.session;
