package io.understudy.backup;

import io.understudy.model.IpProtocol;
import java.util.List;

/**
 * The rule list and the policy behind it as arrays of primitives.
 *
 * <p>Shape: one column per condition; the last row is the policy that every session matches.
 * <p>Thread: any; immutable.
 */
final class CompiledRules {
  static final int NORMAL = 0;
  static final int QUICK = 1;
  static final int DELAYED = 2;
  static final int NEVER = 3;

  private final int[] timing;
  private final long[] delayNs;
  private final int[] group;
  private final int[] protocol;
  private final int[] vsys;
  private final int[] ingressZone;
  private final int[] egressZone;
  private final int[] firstPort;
  private final int[] lastPort;
  private final boolean[] anyPort;

  CompiledRules(List<BackupRule> rules, BackupPolicy policy) {
    int count = rules.size() + 1;
    timing = new int[count];
    delayNs = new long[count];
    group = new int[count];
    protocol = new int[count];
    vsys = new int[count];
    ingressZone = new int[count];
    egressZone = new int[count];
    firstPort = new int[count];
    lastPort = new int[count];
    anyPort = new boolean[count];
    for (int i = 0; i < rules.size(); i++) {
      compile(i, rules.get(i));
    }
    compile(rules.size(), BackupRule.any(policy));
  }

  /** The row of the first rule that the session matches. */
  int match(BackupQuestion question) {
    int row = 0;
    while (!matches(row, question)) {
      row++; // ends: everything matches the last row
    }
    return row;
  }

  int timing(int row) {
    return timing[row];
  }

  /** The age a TCP session must have lived longer than, in a row that is {@link #DELAYED}. */
  long delayNs(int row) {
    return delayNs[row];
  }

  private boolean matches(int row, BackupQuestion question) {
    return isAnyOr(group[row], question.group())
        && isAnyOr(protocol[row], question.protocol())
        && isAnyOr(vsys[row], question.vsys())
        && isAnyOr(ingressZone[row], question.ingressZone())
        && isAnyOr(egressZone[row], question.egressZone())
        && (anyPort[row] || isInPorts(row, question));
  }

  private boolean isInPorts(int row, BackupQuestion question) {
    int protocol = question.protocol();
    int port = question.servicePort();
    // what stands for the ports of other protocols in a key names no service
    boolean named = IpProtocol.hasPorts(protocol) && !IpProtocol.isIcmp(protocol) && port != 0;
    return named && port >= firstPort[row] && port <= lastPort[row];
  }

  private static boolean isAnyOr(int wanted, int value) {
    return wanted == BackupRule.ANY || wanted == value;
  }

  private void compile(int row, BackupRule rule) {
    group[row] = rule.group();
    protocol[row] = rule.protocol();
    vsys[row] = rule.vsys();
    ingressZone[row] = rule.ingressZone();
    egressZone[row] = rule.egressZone();
    firstPort[row] = rule.firstPort();
    lastPort[row] = rule.lastPort();
    anyPort[row] = rule.isForAnyPort();
    timing[row] = timing(rule.policy());
    if (rule.policy() instanceof BackupPolicy.Delayed delayed) {
      delayNs[row] = delayed.age().toNanos();
    }
  }

  private static int timing(BackupPolicy policy) {
    if (policy instanceof BackupPolicy.Quick) {
      return QUICK;
    }
    if (policy instanceof BackupPolicy.Delayed) {
      return DELAYED;
    }
    return policy instanceof BackupPolicy.Never ? NEVER : NORMAL;
  }
}
