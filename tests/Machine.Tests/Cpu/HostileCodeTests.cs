using System.Runtime.InteropServices;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Cpu;

/// <summary>Whatever a guest holds for code, the core goes on or says that the guest is dead.</summary>
public class HostileCodeTests
{
    private const ulong Limit = 64 * 3000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Random_words_run_to_the_limit_or_to_a_dead_guest(bool hypervised)
    {
        Random random = new(7);
        uint[] code = new uint[512];
        for (int run = 0; run < 400; run++)
        {
            random.NextBytes(MemoryMarshal.AsBytes(code.AsSpan()));
            for (int i = 0; run % 2 == 0 && i < code.Length; i++)
            {
                code[i] = (code[i] & 0x0FFF_FFFF) | 0xE000_0000;
            }

            TestMachine machine = new(1 << 16, code);
            machine.Vcpu.Cp15.Vbar = TestMachine.Start + 0x100;
            machine.Core.Cpsr |= run % 3 == 0 ? ThumbMachine.Thumb : 0;
            HypControls hyp = machine.Vcpu.Hyp;
            (hyp.HypervisorPresent, hyp.TrapVm, hyp.TrapWait, hyp.RouteDebug) = (hypervised, hypervised, hypervised, hypervised);
            for (int i = 0; i < 13; i++)
            {
                machine.Core[i] = TestMachine.Start + (uint)random.Next(0x1_0000);
            }

            ulong before = 0;
            for (int exits = 0; exits < 200 && machine.Core.Now.Cycles < Limit; exits++)
            {
                CoreExit exit = machine.Core.RunUntil(new VirtualInstant(Limit));
                if (exit.Kind == CoreExitKind.GuestDead)
                {
                    break;
                }

                Assert.True(exit.Kind == CoreExitKind.LimitReached || hypervised, exit.ToString());
                if (exit.Kind != CoreExitKind.LimitReached)
                {
                    machine.Core.CompleteEmulated(null);
                }

                Assert.True(machine.Core.Now.Cycles > before);
                before = machine.Core.Now.Cycles;
            }
        }
    }

    [Fact]
    public void Every_class_of_word_executes_by_itself_without_an_exception_of_ours()
    {
        Random random = new(3);
        TestMachine machine = new(1 << 16, [TestMachine.Udf]);
        for (int i = 0; i < 100_000; i++)
        {
            machine.Vcpu.Reset(new GuestVa(TestMachine.Start + 0x800), TestMachine.Start, 1, 2);
            machine.Core.ExecuteDisplaced((uint)random.NextInt64(1L << 32));
            machine.Vcpu.Reset(new GuestVa(TestMachine.Start + 0x800), TestMachine.Start, 1, 2);
            machine.Core.Cpsr |= ThumbMachine.Thumb | ((uint)random.Next(4) == 0 ? (uint)random.Next(64) << 10 : 0);
            machine.Core.ExecuteDisplaced(i % 2 == 0 ? (uint)random.Next(0xE800) : (uint)random.NextInt64(0xE800_0000, 1L << 32));
        }

        Assert.True(machine.Core.Instructions > 10_000);
    }

    [Fact]
    public void A_guest_that_only_faults_is_dead_after_a_bounded_number_of_exceptions()
    {
        TestMachine machine = new();
        machine.Vcpu.Cp15.Vbar = 0x2000_0000;
        machine.Core[15] = 0x1000_0000;
        Assert.Equal(CoreExitKind.GuestDead, machine.Run(1000).Kind);
        Assert.Equal(0UL, machine.Core.Now.Cycles);
        Assert.Equal(CoreExitKind.GuestDead, machine.Run(1000).Kind);
    }

    [Fact]
    public void Aborts_that_the_hypervisor_injects_count_too()
    {
        TestMachine machine = new(TestMachine.Udf);
        for (int i = 0; i < 65; i++)
        {
            machine.Core.TakeGuestAbort(false, 8, 0x1234);
        }

        Assert.Equal(CoreExitKind.GuestDead, machine.Run(1).Kind);
        Assert.Equal(0x1234u, machine.Vcpu.Cp15.Dfar);
    }
}
