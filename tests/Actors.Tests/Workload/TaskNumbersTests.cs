using ActorTrace.Actors.Guests.Workload;

namespace ActorTrace.Actors.Tests.Workload;

public class TaskNumbersTests
{
    [Fact]
    public void Small_numbers_of_the_kernel_stay_as_they_are()
    {
        TaskNumbers numbers = new();
        Assert.Equal([0, 63, 499], new uint[] { 0, 63, 499 }.Select(numbers.Of));
    }

    [Fact]
    public void Addresses_get_numbers_in_the_order_in_which_they_appear_and_keep_them()
    {
        TaskNumbers numbers = new();
        Assert.Equal([500, 501, 500, 502, 501], new uint[] { 0x4000_2000, 0x4000_1000, 0x4000_2000, 500, 0x4000_1000 }.Select(numbers.Of));
    }

    [Fact]
    public void A_number_never_leaves_the_guests_range_and_no_two_living_tasks_share_one()
    {
        TaskNumbers numbers = new();
        Dictionary<int, uint> owners = [];
        for (uint round = 0; round < 3000; round++)
        {
            uint id = 0x4000_0000 + (round * 64);
            int number = numbers.Of(id);
            Assert.InRange(number, TaskNumbers.OwnNumbers, TaskNumbers.Range - 1);
            owners[number] = id;

            // A task that is seen again and again never loses its number.
            Assert.Equal(500, numbers.Of(0x4000_0000));
        }

        Assert.Equal(TaskNumbers.Range - TaskNumbers.OwnNumbers, owners.Count);
        Assert.All(owners.Where(o => o.Key != 500), o => Assert.True(o.Value >= 0x4000_0000 + (2501 * 64)));
    }
}
