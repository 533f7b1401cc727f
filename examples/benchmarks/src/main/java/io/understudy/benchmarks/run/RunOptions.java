package io.understudy.benchmarks.run;

import java.util.List;

/** What was asked for, for both processes. */
record RunOptions(int sessions, int windowBytes, int port, List<String> jvmArguments) {}
