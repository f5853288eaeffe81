#!/bin/sh
# Writes scenarios/captures/small-2core.txt to standard output: ftrace text in the manner of an old Android kernel on two
# CPUs (header without flags, `<idle>` in front and `swapper` inside, threads of one name), made up from a fixed sequence of
# pseudo-random numbers. With the quirks of real ones: it begins and ends in the middle of a task, CPU 0 has one time
# stamp that goes backward and one place where events were lost.
set -eu
exec awk '
function random(below) {            # integers only, so that every awk makes the same numbers
    seed = (seed * 1103515 + 12345) % 2147483648
    return int(seed / 64) % below
}
function label(task) {
    return sprintf("%16s", pid[task] == 0 ? "<idle>" : comm[task]) "-" sprintf("%-5d", pid[task])
}
function stamp(at) { return sprintf("%d.%06d", 5000 + int(at / 1000000), at % 1000000) }
function line(cpu, at, task, event) { printf "%s [%03d] %s: %s\n", label(task), cpu, stamp(at), event }
function change(cpu, at, next_task, state,    prev_task) {
    prev_task = running[cpu]
    line(cpu, at, prev_task, "sched_switch: prev_comm=" comm[prev_task] " prev_pid=" pid[prev_task] " prev_prio=" prio[prev_task] \
        " prev_state=" state " ==> next_comm=" comm[next_task] " next_pid=" pid[next_task] " next_prio=" prio[next_task])
    running[cpu] = next_task
}
BEGIN {
    seed = 20131
    count = split("swapper:0:120 system_server:412:118 SurfaceFlinger:101:112 kworker/0:0:24:120 Binder:428:120 Binder:431:120 adbd:88:120 mmcqd/0:61:120 surface_worker:733:97", list, " ")
    for (i = 1; i <= count; i++) {
        parts = split(list[i], field, ":")
        prio[i] = field[parts]
        pid[i] = field[parts - 1]
        comm[i] = substr(list[i], 1, length(list[i]) - length(prio[i]) - length(pid[i]) - 2)
    }
    print "# tracer: nop"
    print "#"
    print "#           TASK-PID    CPU#    TIMESTAMP  FUNCTION"
    print "#              | |       |          |         |"
    running[0] = 7
    running[1] = 2
    now = 647576
    for (n = 0; n < 400; n++) {
        cpu = n % 5 == 4 ? 1 : 0
        do next_task = 1 + random(count); while (next_task == running[cpu])
        if (running[cpu] != 1 && random(3) > 0) next_task = 1
        if (next_task == running[cpu]) next_task = 2
        if (n == 200) { print "CPU:0 [LOST 17 EVENTS]"; running[0] = running[0] == 3 ? 4 : 3 ; if (next_task == running[0]) next_task = 1 }
        state = running[cpu] == 1 ? "R" : substr("SSSDR", 1 + random(5), 1)
        at = n == 120 ? last[cpu] - 40 : now
        last[cpu] = at
        if (next_task != 1) line(cpu, at, running[cpu], "sched_wakeup: comm=" comm[next_task] " pid=" pid[next_task] " prio=" prio[next_task] " success=1 target_cpu=" sprintf("%03d", cpu))
        change(cpu, at, next_task, state)
        now += running[cpu] == 1 ? 200 + random(4000) : 1 + random(900)
    }
}'
