/**
 * JMH benchmarks, one class a question; what changes the answer is a parameter.
 *
 * <p>{@link io.understudy.benchmarks.micro.MemoryPair} is two nodes on one thread over frames that are only copied, {@link
 * io.understudy.benchmarks.micro.Sessions} the sessions that all of them use. Run with {@code java -jar
 * examples/benchmarks/target/understudy-benchmarks.jar jmh}.
 */
package io.understudy.benchmarks.micro;
