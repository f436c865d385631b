"use strict";
const DRIFT_S = 0.05;

const start = (video) => Number(/#t=([\d.]+)/.exec(video.src)?.[1] ?? 0);
const end = (video) => Number(/#t=[\d.]+,([\d.]+)/.exec(video.src)?.[1] ?? video.duration);
const length = (video) => end(video) - start(video);
const at = (video) => video.currentTime - start(video);
const isLoaded = (video) => !video.error && video.readyState > 0;

// Browsers stop at the end of #t= once, and forget it.
const stopAtEnd = (video) => {
  if (video.currentTime >= end(video)) video.pause();
};

for (const video of document.querySelectorAll("video")) {
  const look = () => {
    const shows = !video.error && (video.readyState === 0 || video.videoWidth > 0);
    video.closest("figure").querySelector(".unplayable").hidden = shows;
  };
  look();
  video.addEventListener("error", look);
  video.addEventListener("loadedmetadata", look);
  video.addEventListener("timeupdate", () => stopAtEnd(video));
  video.addEventListener("play", () => {
    if (video.currentTime >= end(video)) video.currentTime = start(video);
  });
}

for (const row of document.querySelectorAll(".row")) {
  const button = row.querySelector(".play");
  const scrub = row.querySelector(".scrub");
  const videos = [...row.querySelectorAll("video")];
  const shown = () => videos.filter((v) => !v.error && !v.closest("figure").hidden);
  // The longest clip is the clock; others are moved only when they are visibly off.
  const leader = () =>
    shown()
      .filter((video) => isLoaded(video) && Number.isFinite(length(video)))
      .reduce((a, b) => (a && length(a) >= length(b) ? a : b), undefined);
  let playing = false;

  const setPlaying = (on) => {
    playing = on;
    button.textContent = on ? "Pause row" : "Play row";
  };
  const seek = (t) => {
    for (const video of shown()) {
      if (isLoaded(video)) video.currentTime = Math.min(start(video) + t, end(video));
      if (playing && !(t >= length(video))) video.play().catch(() => {});
    }
  };
  const stop = () => {
    setPlaying(false);
    shown().forEach((video) => video.pause());
  };
  const follow = () => {
    if (!playing) return;
    const clock = leader();
    if (clock) {
      for (const video of shown().filter(isLoaded)) {
        stopAtEnd(video);
        const wanted = start(video) + at(clock);
        const isOff = Math.abs(video.currentTime - wanted) > DRIFT_S;
        // One that still seeks is late by that; another seek would make it later.
        if (isOff && wanted < end(video) && !video.seeking) video.currentTime = wanted;
      }
      scrub.value = at(clock) / length(clock);
    }
    if (clock ? clock.paused || clock.ended : !shown().length) stop();
    else requestAnimationFrame(follow);
  };
  button.addEventListener("click", () => {
    if (playing) return stop();
    const clock = leader();
    const isOver = !clock || clock.ended || at(clock) >= length(clock) - DRIFT_S;
    // One sound at a time: together they are noise.
    shown().forEach((video, place) => (video.muted = place > 0));
    setPlaying(true);
    seek(isOver ? 0 : at(clock));
    requestAnimationFrame(follow);
  });
  scrub.addEventListener("input", () => {
    const clock = leader();
    if (clock) seek(Number(scrub.value) * length(clock));
  });
}

const search = document.getElementById("search");
const figures = [...document.querySelectorAll("figure")];
for (const figure of figures) figure.dataset.search = `\n${figure.dataset.search}\n`.toLowerCase();
const settings = new Set(figures.flatMap((figure) => figure.dataset.search.split("\n").slice(2)));

// "seed 2" and "seed=2" are that very value, where there is one; other words may stand anywhere.
const terms = (text) => {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = [];
  while (words.length) {
    let word = words.shift();
    if (settings.has(`${word}=${words[0]}`)) word += `=${words.shift()}`;
    found.push(settings.has(word) ? `\n${word}\n` : word);
  }
  return found;
};

search.addEventListener("input", () => {
  const wanted = terms(search.value);
  let found = 0;
  for (const row of document.querySelectorAll(".row")) {
    let any = false;
    for (const figure of row.querySelectorAll("figure")) {
      figure.hidden = !wanted.every((term) => figure.dataset.search.includes(term));
      if (figure.hidden) figure.querySelector("video").pause();
      else { any = true; found += 1; }
    }
    row.hidden = !any;
  }
  document.getElementById("found").textContent = wanted.length ? `${found} found` : "";
});
