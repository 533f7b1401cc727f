package io.understudy.demos.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How a member process is started.
 *
 * @param id 1, 2 or 3; the lower one has the higher priority, and 3 may not hold the group
 * @param port where it listens
 * @param peerPorts where it dials members 1, 2 and so on; its own place is not used
 * @param intervalMs heartbeat interval
 * @param capacity entries of its table
 * @param cluster name of the cluster: members of two clusters refuse each other
 * @param hashKey a number that its hash key is made of: members with two keys refuse each other
 */
record MemberOptions(
    int id,
    int port,
    List<Integer> peerPorts,
    int intervalMs,
    int capacity,
    String cluster,
    int hashKey) {
  MemberOptions {
    peerPorts = List.copyOf(peerPorts);
  }

  MemberOptions withId(int number) {
    return new MemberOptions(number, port, peerPorts, intervalMs, capacity, cluster, hashKey);
  }

  /** Dials everybody there. */
  MemberOptions dialling(int number) {
    List<Integer> all = peerPorts.stream().map(any -> number).toList();
    return new MemberOptions(id, port, all, intervalMs, capacity, cluster, hashKey);
  }

  MemberOptions withCluster(String name) {
    return new MemberOptions(id, port, peerPorts, intervalMs, capacity, name, hashKey);
  }

  MemberOptions withCapacity(int entries) {
    return new MemberOptions(id, port, peerPorts, intervalMs, entries, cluster, hashKey);
  }

  MemberOptions withHashKey(int number) {
    return new MemberOptions(id, port, peerPorts, intervalMs, capacity, cluster, number);
  }

  /** The other members' numbers. */
  List<Integer> peers() {
    List<Integer> all = new ArrayList<>();
    for (int member = 1; member <= peerPorts.size(); member++) {
      if (member != id) {
        all.add(member);
      }
    }
    return all;
  }

  int peerPort(int member) {
    return peerPorts.get(member - 1);
  }

  List<String> arguments() {
    String ports = peerPorts.stream().map(Object::toString).collect(Collectors.joining(","));
    List<String> all = new ArrayList<>();
    for (Object value : new Object[] {id, port, ports, intervalMs, capacity, cluster, hashKey}) {
      all.add(value.toString());
    }
    return all;
  }

  static MemberOptions parse(String[] of) {
    return new MemberOptions(
        Integer.parseInt(of[0]),
        Integer.parseInt(of[1]),
        Arrays.stream(of[2].split(",")).map(Integer::valueOf).toList(),
        Integer.parseInt(of[3]),
        Integer.parseInt(of[4]),
        of[5],
        Integer.parseInt(of[6]));
  }
}
