using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Sharing;
using ActorTrace.Machine.Values;
using CsCheck;
using Xunit;

namespace ActorTrace.Machine.Tests.Sharing;

public sealed class RingRecordTests
{
    private static readonly Gen<string> Name = Gen.Char[' ', '~'].Array[0, 15].Select(c => new string(c));

    private static readonly Gen<TaskSnapshot> Task =
        Gen.Select(Gen.UInt, Gen.UInt, Name, Gen.Int, Gen.UInt, Gen.Bool, Gen.UInt)
            .Select(t => new TaskSnapshot(t.Item1, t.Item2, t.Item3, t.Item4, t.Item5, t.Item6, t.Item7));

    private static readonly Gen<TaskSnapshot> WokenTask =
        Gen.Select(Gen.UInt, Name, Gen.Int).Select(t => new TaskSnapshot { Id = t.Item1, Name = t.Item2, Priority = t.Item3 });

    [Fact]
    public void A_record_s_bytes_are_those_of_the_documented_layout()
    {
        RingRecord record = new()
        {
            Sequence = 0x01020304,
            Probe = 0x1112,
            Kind = 2,
            Vcpu = 3,
            Guest = 4,
            WakeupsDerived = true,
            LostBefore = 0x21222324,
            HitAt = new VirtualInstant(0x3132333435363738),
            Cause = new Stamp(new VirtualInstant(0x4142434445464748), new SourceId(0x0100), 0x5152535455565758),
            WokenMore = 0x6162,
            Pc = 0x40008000,
            Lr = 0x40008004,
            Sp = 0x4000FF00,
            Stack = [1, 2, 3, 4],
            Previous = new TaskSnapshot(0x40001000, 5, "RTOS-Task1", -2, 1, false, 0x40002000),
            Next = new TaskSnapshot(0x40001100, 63, "Idle", 139, 0, true, 0x40003000),
            Woken = [new TaskSnapshot { Id = 7, Priority = 8, Name = "abcdefghijklmnop" }],
        };
        byte[] bytes = new byte[512];
        record.Encode(bytes);
        string expected =
            "04030201" + "1211" + "02" + "03" + "04" + "01" + "01" + "00" + "24232221"
            + "3837363534333231" + "5857565554535251" + "0001" + "6261"
            + "00800040" + "04800040" + "00FF0040" + "01000000020000000300000004000000"
            + "00100040" + "05000000" + "FEFFFFFF" + "01000000" + "00200040" + "00000000" + "52544F532D5461736B31000000000000"
            + "00110040" + "3F000000" + "8B000000" + "00000000" + "00300040" + "01000000" + "49646C65000000000000000000000000"
            + "07000000" + "08000000" + "6162636465666768696A6B6C6D6E6F70";
        Assert.Equal(expected, Convert.ToHexString(bytes, 0, expected.Length / 2));
        Assert.Equal("4847464544434241", Convert.ToHexString(bytes, 336, 8));
        Assert.True(bytes.AsSpan(344).IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public void Every_record_comes_back_from_its_bytes()
    {
        Gen.Select(Task, Task, WokenTask.Array[0, 8], Gen.UInt.Array[4], Gen.ULong, Gen.UShort, Gen.Bool, Gen.Byte).Sample(
            (previous, next, woken, stack, number, small, flag, octet) =>
            {
                RingRecord record = new()
                {
                    Sequence = (uint)number,
                    LostBefore = (uint)(number >> 32),
                    Probe = small,
                    Kind = octet,
                    Guest = (byte)(octet + 1),
                    Vcpu = (byte)(octet + 2),
                    WakeupsDerived = flag,
                    HitAt = new VirtualInstant(number),
                    Cause = new Stamp(new VirtualInstant(~number), new SourceId(small), number ^ 5),
                    Pc = stack[0],
                    Lr = stack[1],
                    Sp = stack[2],
                    Stack = stack,
                    Previous = previous,
                    Next = next,
                    Woken = woken,
                    WokenMore = (ushort)~small,
                };
                byte[] bytes = new byte[RingRecord.Size];
                record.Encode(bytes);
                RingRecord back = RingRecord.Decode(bytes);
                Assert.Equal(record.Stack, back.Stack);
                Assert.Equal(record.Woken, back.Woken);
                Assert.Equal(record with { Stack = [], Woken = [] }, back with { Stack = [], Woken = [] });
            },
            iter: 2000);
    }

    [Fact]
    public void Any_bytes_decode_to_a_record_with_printable_names() =>
        Gen.Byte.Array[RingRecord.Size].Sample(
            bytes =>
            {
                RingRecord record = RingRecord.Decode(bytes);
                Assert.True(record.Woken.Count <= RingRecord.MaxWoken);
                Assert.All(record.Previous.Name, c => Assert.InRange(c, ' ', '~'));
            },
            iter: 2000);

    [Fact]
    public void More_woken_tasks_than_the_layout_holds_are_our_own_mistake() =>
        Assert.Throws<InvalidOperationException>(() => new RingRecord { Woken = new TaskSnapshot[9] }.Encode(new byte[RingRecord.Size]));
}
