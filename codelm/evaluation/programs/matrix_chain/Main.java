import java.util.Arrays;

public class Main {
    record Plan(long cost, String order) {
        Plan times(Plan right, long product) {
            return new Plan(cost + right.cost + product, "(" + order + right.order + ")");
        }
    }

    static Plan plan(long[] sizes) {
        int count = sizes.length - 1;
        var best = new Plan[count][count];
        for (int first = count - 1; first >= 0; first--) {
            best[first][first] = new Plan(0, String.valueOf((char) ('A' + first)));
            for (int last = first + 1; last < count; last++) {
                for (int middle = first; middle < last; middle++) {
                    long product = sizes[first] * sizes[middle + 1] * sizes[last + 1];
                    Plan plan = best[first][middle].times(best[middle + 1][last], product);
                    if (best[first][last] == null || plan.cost < best[first][last].cost) {
                        best[first][last] = plan;
                    }
                }
            }
        }
        return best[0][count - 1];
    }

    public static void main(String[] args) {
        String[] chains = {
            "4 7",
            "4 7 2",
            "40 20 30 10 30",
            "7 7 7 7 7",
            "30 35 15 5 10 20 25",
            "5000 3000 4000 6000",
        };
        for (String chain : chains) {
            Plan plan = plan(Arrays.stream(chain.split(" ")).mapToLong(Long::parseLong).toArray());
            System.out.println(chain + ": " + plan.order + " costs " + plan.cost);
        }
    }
}
