using ActorTrace.Actors.Hypervisor.Instrumentation;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Tests.Probes;

/// <summary>Which calls have come back when a task reaches the place that their link register points to.</summary>
public sealed class PendingReturnsTests
{
    private const uint Task = 0x4000_1000;
    private const uint OtherTask = 0x4000_2000;
    private readonly PendingReturns returns = new();
    private readonly Landing landing = new(0x4000_8001, 1);

    [Fact]
    public void The_deeper_of_two_recursive_calls_comes_back_first()
    {
        Call(1, 0x1000);
        Call(2, 0x0F00);
        Assert.Equal([2], Arrive(Task, 0x0F00));
        Assert.Equal([1], Arrive(Task, 0x1000));
        Assert.Empty(Arrive(Task, 0x1000));
    }

    [Fact]
    public void Calls_with_one_stack_pointer_come_back_together_the_youngest_first()
    {
        Call(1, 0x1000);
        Call(2, 0x1000);
        Call(3, 0x1000);
        Assert.Equal([3, 2, 1], Arrive(Task, 0x1000));
    }

    [Fact]
    public void Another_task_and_a_deeper_stack_and_another_modes_stack_do_not_bring_it_back()
    {
        Call(1, 0x1000);
        Assert.Empty(Arrive(OtherTask, 0x1000));
        Assert.Empty(Arrive(Task, 0x0FFC));
        Assert.Empty(returns.Take(landing, Task, 0x12, 0x1000));
        Assert.Empty(returns.Take(new Landing(0x4000_9000, 1), Task, 0, 0x1000));
        Assert.Equal([1], Arrive(Task, 0x1000));
    }

    [Fact]
    public void A_function_that_takes_its_arguments_off_the_stack_comes_back_too()
    {
        Call(1, 0x0F00);
        Call(2, 0x1000);
        Assert.Equal([2], Arrive(Task, 0x1008));
        Assert.Equal([1], Arrive(Task, 0x0F00));
    }

    [Fact]
    public void Where_there_is_no_room_the_oldest_goes_and_is_named()
    {
        for (int i = 0; i < PendingReturns.Capacity; i++)
        {
            Assert.Null(Call((ushort)i, 0x1000 - (uint)i));
        }

        Assert.Equal((ushort)0, Call(5000, 0x10)!.Probe);
        Assert.Equal(PendingReturns.Capacity, returns.Count);
        Assert.DoesNotContain(0, Arrive(Task, 0x1000));
    }

    [Fact]
    public void What_a_removed_probe_awaits_is_taken_out_and_nothing_else()
    {
        Call(1, 0x1000);
        Call(2, 0x0F00);
        Call(1, 0x0E00);
        Assert.Equal([1, 2], returns.ProbesAt(landing).Select(p => (int)p));
        Assert.Equal(2, returns.TakeOf(1).Count);
        Assert.Equal([2], Arrive(Task, 0x1000));
    }

    private PendingReturn? Call(ushort probe, uint stackPointer) => returns.Add(
        new PendingReturn(probe, Task, 0, stackPointer, landing, new GuestVa(0x4000_8100), VirtualInstant.Zero));

    private int[] Arrive(uint task, uint stackPointer) => [.. returns.Take(landing, task, 0, stackPointer).Select(r => (int)r.Probe)];
}
