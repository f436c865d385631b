"use strict";
const DRIFT_S = 0.05;

for (const row of document.querySelectorAll(".row")) {
  const button = row.querySelector(".play");
  const scrub = row.querySelector(".scrub");
  const videos = [...row.querySelectorAll("video")];
  const shown = () => videos.filter((video) => !video.closest("figure").hidden);
  const start = (video) => Number(/#t=([\d.]+)/.exec(video.src)?.[1] ?? 0);
  const end = (video) => Number(/#t=[\d.]+,([\d.]+)/.exec(video.src)?.[1] ?? video.duration);
  const at = (video) => video.currentTime - start(video);
  const length = () => Math.max(0, ...shown().map((v) => end(v) - start(v)).filter(Number.isFinite));
  const leader = () => shown().reduce((a, b) => (end(b) - start(b) > end(a) - start(a) ? b : a));
  let playing = false;

  const setPlaying = (on) => {
    playing = on;
    button.textContent = on ? "Pause row" : "Play row";
  };
  const seek = (t) => {
    for (const video of shown()) video.currentTime = Math.min(start(video) + t, end(video));
  };
  // The longest clip is the clock; others are moved only when they are visibly off.
  const follow = () => {
    if (!playing) return;
    const clock = leader();
    for (const video of shown()) {
      const wanted = start(video) + at(clock);
      if (wanted < end(video) && Math.abs(video.currentTime - wanted) > DRIFT_S) {
        video.currentTime = wanted;
      }
    }
    if (length()) scrub.value = at(clock) / length();
    if (clock.ended || clock.paused) {
      shown().forEach((video) => video.pause());
      setPlaying(false);
      return;
    }
    requestAnimationFrame(follow);
  };
  button.addEventListener("click", async () => {
    if (playing) {
      setPlaying(false);
      shown().forEach((video) => video.pause());
      return;
    }
    if (!shown().length) return;
    if (leader().ended || at(leader()) >= length()) seek(0);
    else seek(at(leader()));
    // One sound at a time: together they are noise.
    shown().forEach((video, place) => (video.muted = place > 0));
    await Promise.allSettled(shown().map((video) => video.play()));
    setPlaying(true);
    requestAnimationFrame(follow);
  });
  scrub.addEventListener("input", () => seek(Number(scrub.value) * length()));
}

const search = document.getElementById("search");
search.addEventListener("input", () => {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const row of document.querySelectorAll(".row")) {
    const heading = row.querySelector("h2").textContent;
    let any = false;
    for (const figure of row.querySelectorAll("figure")) {
      const text = `${heading} ${figure.textContent}`.toLowerCase();
      figure.hidden = !words.every((word) => text.includes(word));
      if (figure.hidden) figure.querySelector("video").pause();
      else { any = true; found += 1; }
    }
    row.hidden = !any;
  }
  document.getElementById("found").textContent = words.length ? `${found} found` : "";
});
