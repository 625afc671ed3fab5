import confetti from "canvas-confetti";

export function burst({ x, y, colours }) {
  const canvas = document.createElement("canvas");
  canvas.className = "confetti";
  canvas.setAttribute("aria-hidden", "true");
  document.body.append(canvas);
  const fire = confetti.create(canvas, { resize: true, useWorker: false, disableForReducedMotion: true });
  fire({ particleCount: 70, spread: 75, startVelocity: 32, ticks: 160, scalar: 0.9, origin: { x, y }, colors: colours })
    ?.finally(() => canvas.remove());
}
