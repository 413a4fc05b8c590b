import java.util.LinkedHashMap;
import java.util.Map;

public class Main {
    static class LruCache<K, V> {
        private final int capacity;
        private final Map<K, V> entries = new LinkedHashMap<>(16, 0.75f, true);
        private final StringBuilder evicted = new StringBuilder();

        LruCache(int capacity) {
            this.capacity = capacity;
        }

        V get(K key) {
            return entries.get(key);
        }

        void put(K key, V value) {
            entries.put(key, value);
            if (entries.size() > capacity) {
                K oldest = entries.keySet().iterator().next();
                entries.remove(oldest);
                evicted.append(oldest);
            }
        }
    }

    public static void main(String[] args) {
        String pages = "abacbdacaab";
        for (int capacity = 0; capacity < 5; capacity++) {
            var cache = new LruCache<Character, Integer>(capacity);
            int hits = 0;
            for (int time = 0; time < pages.length(); time++) {
                char page = pages.charAt(time);
                if (cache.get(page) != null) {
                    hits++;
                } else {
                    cache.put(page, time);
                }
            }
            cache.put('a', 99);
            var kept = new StringBuilder();
            cache.entries.forEach((page, time) -> kept.append(" ").append(page).append(time));
            System.out.println(capacity + ": " + hits + " hits, evicted [" + cache.evicted + "], kept" + kept);
        }
    }
}
