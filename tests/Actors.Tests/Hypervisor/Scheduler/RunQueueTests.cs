using ActorTrace.Actors.Hypervisor.Scheduler;
using ActorTrace.Machine.Values;
using CsCheck;

namespace ActorTrace.Actors.Tests.Hypervisor.Scheduler;

public sealed class RunQueueTests
{
    private static readonly VcpuId[] Vcpus = [new(new GuestId(0), 0), new(new GuestId(1), 0), new(new GuestId(1), 1), new(new GuestId(4), 0)];

    [Fact]
    public void Of_each_guest_only_the_first_vcpu_is_switched_on()
    {
        RunQueue queue = new(Vcpus);
        Assert.Equal([VcpuRunState.Ready, VcpuRunState.Ready, VcpuRunState.Off, VcpuRunState.Ready], Vcpus.Select(v => queue[v]));
    }

    [Fact]
    public void A_vcpu_of_another_core_is_unknown() =>
        Assert.Throws<InvalidOperationException>(() => new RunQueue(Vcpus)[new VcpuId(new GuestId(2), 0)]);

    /// <summary>Against a list that is turned: the ready ones behind the present one, nearest first.</summary>
    [Fact]
    public void The_next_turn_is_that_of_the_nearest_ready_one_behind() =>
        Gen.Select(Gen.Int[0, 3].Array[4], Gen.Int[-1, 3]).Sample((states, present) =>
        {
            RunQueue queue = new(Vcpus);
            for (int i = 0; i < 4; i++)
            {
                queue[Vcpus[i]] = (VcpuRunState)states[i];
            }

            VcpuId[] turned = [.. Vcpus.Skip(present + 1), .. Vcpus.Take(Math.Max(present, 0))];
            VcpuId? expected = turned.Where(v => queue[v] == VcpuRunState.Ready).Cast<VcpuId?>().FirstOrDefault();
            Assert.Equal(expected, queue.After(present < 0 ? null : Vcpus[present]));
        });
}
